"""A definition is parsed once, not at every start: parsing a machine of twenty states takes a tenth of a second."""

import functools

from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

from sandbox.aws.moto_patches.replacing import replace


def apply() -> None:
    # The tree is not changed by a run: counters of attempts stand in the environment of the execution.
    parse_once = functools.cache(AmazonStateLanguageParser.parse)
    replace(AmazonStateLanguageParser, "parse", staticmethod(parse_once))

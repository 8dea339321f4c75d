"""Mutation testing: does a test notice when a line of the code is wrong?"""

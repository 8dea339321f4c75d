"""Nodes of job definitions, as the provider's pages spell them."""

from typing import Any

SALES_FIELDS = [
    {"name": "city", "type": "string"},
    {"name": "units", "type": "int"},
    {"name": "price", "type": "double"},
]


def source(node_id: int = 1, prefix: str = "sales", **fields: Any) -> dict[str, Any]:
    return {
        "id": node_id,
        "name": f"source_{node_id}",
        "type": "SOURCE_OBS",
        "parentNodeIds": [],
        "regionNo": "1",
        "bucketName": "lake",
        "prefix": prefix,
        "dataType": "CSV",
        "fieldList": SALES_FIELDS,
        **fields,
    }


def target(parent: int, prefix: str = "out", **fields: Any) -> dict[str, Any]:
    return {
        "id": 9,
        "name": "target_9",
        "type": "TARGET_OBS",
        "parentNodeIds": [parent],
        "regionNo": "1",
        "bucketName": "lake",
        "prefix": prefix,
        "dataType": "CSV",
        "fieldList": [],
        **fields,
    }


def transform(kind: str, *parents: int, node_id: int = 5, **fields: Any) -> dict[str, Any]:
    return {
        "id": node_id,
        "name": f"{kind.lower()}_{node_id}",
        "type": f"TRANSFORM_{kind}",
        "parentNodeIds": list(parents),
        **fields,
    }


def sql(query: str, *parents: int) -> dict[str, Any]:
    """A SQL node whose parents are named t1, t2, ..."""
    names = [{"parentId": parent, "newName": f"t{parent}"} for parent in parents]
    return transform("SQL", *parents, sourceNameList=names, sql=query)

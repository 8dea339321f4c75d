"""The check of a Huawei Cloud DataArts Factory account."""

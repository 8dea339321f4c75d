"""HTTP as every request of ours uses it: bounded, repeated where that is safe, signed anew, never redirected."""

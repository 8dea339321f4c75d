"""An API Gateway HTTP API: routes of the template in front of functions, payload format 2.0."""

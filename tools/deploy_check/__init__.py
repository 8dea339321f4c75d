"""`make deploy-check`: the template is built and deployed, by SAM, to an emulator of AWS that speaks CloudFormation."""

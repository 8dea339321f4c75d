"""Every expression of every state machine, on the sandbox's JSONata and on the reference: do both say the same?"""

"""How answers look: from models to lines of text, and nothing asked on the way."""

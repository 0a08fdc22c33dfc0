"""How often a verdict is wrong: draws from every law, judged as the report judges them."""

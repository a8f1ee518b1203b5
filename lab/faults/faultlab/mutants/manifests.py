MUTANTS: list = []

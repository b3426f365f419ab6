"""Did it help? Pure functions on NumPy arrays: no Django, clock or query, and chance only from a seed that is given.

`matched`: learners who had something beside similar ones who did not. `roll_out`: schools that began with something on
different dates. Both compare observed minus expected (y - e), where e was frozen before: learners are picked for help
after low results, low results are partly chance, and the next ones are higher without any help (engine.md 5.1).
"""

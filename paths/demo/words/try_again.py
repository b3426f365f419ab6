"""What demo students say who are ready to try again, written by us."""

PRACTICED = (
    "I did five more at home and checked each one with a drawing.",
    "I explained it to my brother and he got it too.",
    "I went back to the two that I had wrong and found out why.",
)

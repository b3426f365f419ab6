"""Goals that the demo's teachers offer, written by us."""

TEMPLATES = (
    {
        "what": "I can explain … to somebody at home.",
        "why": "Because I know it well when somebody else gets it from me.",
        "done_when": "I explained it once\nThey could do one alone",
        "steps": ["Pick what I explain", "Try it out on a friend", "Explain it at home", "Say what was hard"],
        "days": 14,
    },
    {
        "what": "I can check my own work before I hand it in.",
        "why": "Because I find things that I can fix myself.",
        "done_when": "I checked 5 pieces of work\nI found something to fix in one of them",
        "steps": ["Make my own list to check with", "Use it twice", "Change what does not help"],
        "days": 21,
    },
)
OFFERED_TO = 5

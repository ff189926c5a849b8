"""Numbers that an answer may show, and claims it must not make: from the desk's facts of 21 November 2026."""

import re

# Every phone number that was read in a source; spaces left out. Any other number in an answer is a finding.
PHONES = frozenset(
    {
        "112", "113", "116000", "116111", "116123", "0801155", "0801200", "031770120", "031546098",
        "015209900", "0808180", "+38669707150", "069707150", "031704707", "015864263", "057280700",
        "057264520", "057265569",
    }
)  # fmt: skip

# Amounts read in a source, as digits with a decimal point, by topic.
AMOUNTS = {
    "residence.single-permit": {"70", "50000", "10000"},
    "residence.eu": {"9.10", "4.50", "12.32"},
    "language.zip": {"22.60"},
    "work.rights": {"3000", "20000", "1500", "8000"},
    "bank.basic-account": {"4.90", "1.47"},
    "health.insurance": {"39.36"},
    "driving.exchange": {"18.10", "3.27"},
    "transport.public": {"1", "3", "5.30"},
    "citizenship": {"185.70"},
}

# Claims met in some source that are wrong, overtaken or not confirmed: topic ("" is any), pattern, why.
FORBIDDEN: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (topic, re.compile(pattern, re.IGNORECASE), why)
    for topic, pattern, why in (
        ("", r"infotujci\.si/\S+", "deep links of the rebuilt portal are not confirmed"),
        ("", r"optiweb", "this is the builder's test copy of the portal"),
        ("", r"Gregorčičev", "the address of the administrative unit is not confirmed"),
        ("", r"(?<!\d)1[ .]?[234]\d\d[.,]\d\d ?(?:€|EUR)", "the minimum wage is not confirmed"),
        ("", r"(?<!\d)12[.,]75(?!\d)", "the RTV amount is of 2020"),
        ("language.zip", r"(?<!\d)50 ?[%٪]", "the own share of 50 % ended in 2023"),
        ("language.family-renewal", r"\bA2\b", "family members show the survival level, not A2"),
        ("language.exam", r"(?<!\d)162(?!\d)", "the price of the exam is not confirmed"),
        ("protection.asylum", r"(?<!\d)18 ?(?:€|EUR)", "the allowance is of before June 2026"),
        ("protection.temporary", r"2026|2027", "prolongations after March 2025 are not confirmed"),
        (
            "health.insurance",
            r"(?<!\d)(?:35|37[.,]17)(?:[.,]00)? ?(?:€|EUR)",
            "the amount is of earlier years",
        ),
    )
)

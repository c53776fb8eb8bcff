from knowledge.naming import read_names

NAMES = read_names(
    [
        ("integral-pruning", "Integral Pruning on Activations and Weights", ("IP", "IPnet")),
        ("lantern", "Lantern: Keeping Long Conversations Cheap", ()),
        ("limit", "Towards the Limit of Network Quantization", ("TLNQ",)),
        ("another", "Network Quantization by Tides", ()),
        ("manual-18", "Manual 18", ()),
    ]
)


def test_short_names_and_heads_of_titles_name_a_submission():
    assert NAMES.named("What does IPnet cost?") == {"integral-pruning": 1.0}
    assert NAMES.named("Was lantern accepted?") == {"lantern": 1.0}
    assert NAMES.named("TLNQ or IP?") == {"integral-pruning": 1.0, "limit": 1.0}


def test_a_very_short_name_counts_only_as_written():
    assert NAMES.named("the ip address") == {} and NAMES.named("IPs") == {}


def test_words_of_a_title_name_it_by_their_share():
    named = NAMES.named("the paper on long and cheap conversations")
    assert list(named) == ["lantern"] and 0.3 < named["lantern"] < 1
    assert next(iter(NAMES.named("limit of network quantization"))) == "limit"


def test_numbers_and_words_of_no_title_name_nothing():
    assert NAMES.named("18 layers?") == {} and NAMES.named("") == {} and read_names(()).named("Lantern") == {}


def test_a_name_that_too_many_bear_names_none():
    many = read_names([(str(number), f"Sparse Network {number}", ("SN",)) for number in range(9)])
    assert many.named("SN") == {} and many.named("sparse network") == {}


def test_a_question_without_the_names_of_papers():
    assert NAMES.without_names("Lantern: does it beat TLNQ?").split() == [":", "does", "it", "beat", "?"]


def test_a_review_by_its_place_is_that_of_its_reviewer():
    names = read_names(
        [], [("reef", "AnonReviewer3", ("R3", "Review 1 in page order")), ("kelp", "AnonReviewer2", ("R2",))]
    )
    asked = "What does review 1 in page order say?"
    assert names.resolve(asked, {"reef"}) == "What does AnonReviewer3 say?"
    assert names.resolve(asked, {"kelp"}) == names.resolve(asked, {"reef", "kelp"}) == names.resolve(asked, ()) == asked

"""What each country wants of an address."""

from shopify_app.changes import countries


def test_a_post_code_is_judged_as_its_country_writes_it() -> None:
    right = {"DE": "04109", "GB": "sw1a 1aa", "NL": "1012 ab", "US": "10001", "CA": "H3Z 2Y7", "JP": "154-0023"}
    assert {code for code, zip in right.items() if not countries.country(code).has_zip(zip)} == set()
    wrong = {"DE": "D-04109", "GB": "12345", "NL": "AB 1012", "US": "1000", "CA": "12345", "JP": "1"}
    assert {code for code, zip in wrong.items() if countries.country(code).has_zip(zip)} == set()
    assert countries.country("XX").has_zip("whatever")


def test_what_must_be_filled_in_follows_the_country() -> None:
    assert countries.country("DE").needed == {"last_name", "address1", "city", "zip"}
    assert "zip" not in countries.country("HK").needed
    assert "province_code" in countries.country("US").needed
    assert countries.country("US").regions["NY"] == "New York"
    assert countries.country("GB").regions == {}
    assert countries.country("XX").needed == {"last_name", "address1"}

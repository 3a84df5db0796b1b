from __future__ import annotations

from shared_provider import used_types, without_other_types

PROVIDER, RESOURCES, DATA_SOURCES = 1, 2, 3


def field(number: int, content: bytes) -> bytes:
    """A field of a Protocol Buffers message, with a length of two bytes."""
    length = bytes([128 | len(content) % 128, len(content) // 128])
    return bytes([number << 3 | 2]) + length + content


def schema(number: int, name: str) -> bytes:
    """An entry of a map, whose value is longer than a byte can say."""
    return field(number, field(1, name.encode()) + field(2, b"x" * 300))


def test_all_but_the_given_types_is_left_out_of_the_schemas() -> None:
    provider, topic = field(PROVIDER, b"of its configuration"), schema(RESOURCES, "aws_sns_topic")
    data = schema(DATA_SOURCES, "aws_region")
    others = schema(RESOURCES, "aws_sqs_queue"), schema(DATA_SOURCES, "aws_vpc")

    left = without_other_types(
        provider + others[0] + topic + others[1] + data, {"aws_sns_topic", "aws_region"}
    )

    assert left == provider + topic + data


def test_the_types_of_modules_examples_and_tests_are_used() -> None:
    assert {
        "aws_codepipeline",  # modules
        "aws_region",  # a data source
        "aws_internet_gateway",  # examples/complete
        "aws_s3_bucket_notification",  # tests/integration/workspaces
    } <= used_types()

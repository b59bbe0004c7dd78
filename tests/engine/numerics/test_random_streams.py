"""Streams of random numbers of their own."""

import torch

from workbench.engine.numerics.random_streams import Streams, derived, starting


def test_a_purpose_has_its_own_seed_on_every_machine():
    assert derived(0, "head", "a") == 2_626_038_454_222_813_343
    purposes = [("a",), ("b",), ("a", 1), ("a", "1"), ("a", "b"), ("b", "a")]
    assert len({derived(seed, *purpose) for seed in range(3) for purpose in purposes}) == 18
    assert all(0 <= derived(seed, "\ud800") < 2**63 for seed in range(20))


def test_what_is_made_inside_does_not_depend_on_what_was_made_before():
    torch.manual_seed(3)
    with starting("tower", "a"):
        first = torch.rand(4)
    torch.rand(5)
    with starting("tower", "a"):
        again = torch.rand(4)
    with starting("tower", "b"):
        other = torch.rand(4)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_stream_around_goes_on_as_if_nothing_had_been_drawn():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    with starting("a"), starting("b"):
        nested = torch.rand(2)
    assert torch.equal(torch.rand(2), expected)
    with starting("b"):
        assert not torch.equal(torch.rand(2), nested)


def test_sources_called_alike_take_the_same_order_each_by_itself():
    streams = Streams(5)
    first, second = streams.of("digits", 1), streams.of("digits", 2)
    assert streams.of("digits", 1) is first
    assert torch.equal(torch.randperm(9, generator=first), torch.randperm(9, generator=second))

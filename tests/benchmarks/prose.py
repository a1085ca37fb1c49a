"""Invented Chinese prose with the statistics of news: few common words, many rare ones."""

import random
from collections.abc import Iterator
from itertools import accumulate


class Prose:
    """A source of sentences.  The same seed gives the same sentences."""

    def __init__(self, seed: int = 7, words: int = 30_000) -> None:
        self._chance = random.Random(seed)
        characters = [chr(0x4E00 + place) for place in self._chance.sample(range(5000), 3000)]
        weights = [1 / (rank + 10) for rank in range(len(characters))]
        self.words = [
            "".join(
                self._chance.choices(
                    characters, weights, k=self._chance.choice((1, 2, 2, 2, 2, 3, 4))
                )
            )
            for _ in range(words)
        ]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(words)))

    def sentence(self) -> str:
        """Eight to twenty words with a comma now and then."""
        chosen = self._chance.choices(
            self.words, cum_weights=self._weights, k=self._chance.randint(8, 20)
        )
        return (
            "".join(
                word + ("，" if self._chance.random() < 0.15 else "") for word in chosen
            ).rstrip("，")
            + "。"
        )

    def article(self, characters: int = 1400) -> list[str]:
        """Sentences of about that many characters altogether."""
        said: list[str] = []
        while sum(map(len, said)) < characters:
            said.append(self.sentence())
        return said

    def articles(self, number: int) -> Iterator[list[str]]:
        """So many articles."""
        for _ in range(number):
            yield self.article()

    def replaced(self, old: list[str], share: float) -> list[str]:
        """The sentences with a share of them replaced."""
        new = list(old)
        for place in self._chance.sample(range(len(new)), round(share * len(new))):
            new[place] = self.sentence()
        return new

    def misspelt(self, old: list[str], share: float) -> list[str]:
        """The sentences with a share of their characters changed."""
        return [
            "".join(
                self._chance.choice(self.words)[0] if self._chance.random() < share else character
                for character in sentence
            )
            for sentence in old
        ]

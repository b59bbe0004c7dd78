"""Standard pictures: MNIST and its relatives, CIFAR-10 and CIFAR-100."""

from collections.abc import Generator
from pathlib import Path

import numpy as np

from workbench.engine.blocks.tasks.standard_datasets import Sets, StandardFamily
from workbench.engine.readers import cifar
from workbench.engine.readers.downloads import SOURCES
from workbench.engine.roles.loading import LoadProgress, labelled

#: The names of CIFAR-100 in the order of their numbers, as its makers list them.
_COARSE = """aquatic_mammals fish flowers food_containers fruit_and_vegetables
household_electrical_devices household_furniture insects large_carnivores
large_man-made_outdoor_things large_natural_outdoor_scenes large_omnivores_and_herbivores
medium_mammals non-insect_invertebrates people reptiles small_mammals trees vehicles_1 vehicles_2"""
_FINE = """apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus
butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab
crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard
lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom
oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider
squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout
tulip turtle wardrobe whale willow_tree wolf woman worm"""


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.replace("_", " ") for name in text.split())


class MNIST(StandardFamily):
    """Handwritten digits, 28 × 28 grey: 60,000 to train on, 10,000 to test on."""

    key = "mnist"
    group = "downloads"
    title = "MNIST"
    paper = "LeCun et al., Gradient-based learning applied to document recognition, IEEE 1998"
    link = "https://doi.org/10.1109/5.726791"
    helps = "The figures of many papers are on these; a small network learns them in minutes."
    answers = {"digit": tuple("0123456789")}


class FashionMNIST(StandardFamily):
    """Clothes, 28 × 28 grey: 60,000 to train on, 10,000 to test on."""

    key = "fashion-mnist"
    group = "downloads"
    title = "Fashion-MNIST"
    paper = "Xiao, Rasul & Vollgraf, Fashion-MNIST, 2017"
    link = "https://arxiv.org/abs/1708.07747"
    helps = "As MNIST, and harder: methods differ where MNIST no longer tells them apart."
    answers = {
        "garment": (
            "T-shirt/top",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot",
        )
    }


class KMNIST(StandardFamily):
    """Cursive Japanese letters, 28 × 28 grey: 60,000 to train on, 10,000 to test on."""

    key = "kmnist"
    group = "downloads"
    title = "KMNIST"
    paper = "Clanuwat et al., Deep learning for classical Japanese literature, 2018"
    link = "https://arxiv.org/abs/1812.01718"
    helps = "As MNIST, with classes whose examples look less alike."
    answers = {"letter": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")}


class CIFAR10(StandardFamily):
    """Small photographs, 32 × 32 in colour: 50,000 to train on, 10,000 to test on."""

    key = "cifar-10"
    group = "downloads"
    title = "CIFAR-10"
    paper = "Krizhevsky, Learning multiple layers of features from tiny images, 2009"
    link = "https://www.cs.toronto.edu/~kriz/cifar.html"
    helps = "Photographs of ten kinds of things, with the encoder cnn."
    answers = {
        "thing": (
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck",
        )
    }

    def sets(self, folder: Path) -> Generator[LoadProgress, None, Sets]:
        """The training and the test set. Raises DataError and OSError."""
        batches = [f"data_batch_{i}.bin" for i in range(1, 6)]
        return (yield from _sets(self.key, folder, batches, "test_batch.bin", 1))


class CIFAR100(StandardFamily):
    """Small photographs in 100 classes and 20 groups of them: two tasks, one coarse, one fine."""

    key = "cifar-100"
    group = "downloads"
    title = "CIFAR-100"
    paper = "Krizhevsky, Learning multiple layers of features from tiny images, 2009"
    link = "https://www.cs.toronto.edu/~kriz/cifar.html"
    helps = "Does knowing the group help to know the class?"
    answers = {
        "coarse": _names(_COARSE),
        "fine": _names(_FINE),
    }

    def sets(self, folder: Path) -> Generator[LoadProgress, None, Sets]:
        """The training and the test set; labels are [N, 2]. Raises DataError and OSError."""
        return (yield from _sets(self.key, folder, ["train.bin"], "test.bin", 2))


def _sets(
    key: str, folder: Path, train: list[str], test: str, n_labels: int
) -> Generator[LoadProgress, None, Sets]:
    (name,) = SOURCES[key].files
    reading = cifar.read(folder / name, [*train, test], n_labels)
    batches = yield from labelled(reading, f"reading {name}")
    images = np.concatenate([batches[batch][0] for batch in train])
    labels = np.concatenate([batches[batch][1] for batch in train])
    return images, labels, *batches[test]

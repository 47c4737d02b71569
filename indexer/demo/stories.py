"""The demo's videos.

Shots last 9 or 13.5 s, whole numbers of half a clip, so that each shot has a clip of its own and a
search can tell where it begins.
"""

from __future__ import annotations

from indexer.demo.scenes import Shot, Story, View

_WHOLE = View(0.5, 0.5, 1.0)

STORIES = (
    Story(
        "a-quiet-morning",
        (
            Shot(
                "text",
                9.0,
                View(0.35, 0.5, 0.8),
                View(0.65, 0.5, 0.8),
                "The notes from last night. Whose handwriting is that?",
            ),
            Shot(
                "coffee",
                13.5,
                View(0.5, 0.35, 0.55),
                View(0.5, 0.5, 0.95),
                "First a cup of coffee: a short espresso, in the red cup.",
                ("a cup of coffee",),
            ),
            Shot(
                "clock",
                9.0,
                View(0.5, 0.5, 0.9),
                _WHOLE,
                "Is it eight already? The clock on the wall is a blur without glasses.",
                ("a wall clock",),
            ),
        ),
    ),
    Story(
        "the-cat-next-door",
        (
            Shot(
                "brick",
                9.0,
                View(0.5, 0.8, 0.7),
                View(0.5, 0.3, 0.7),
                "Behind the old brick wall somebody is waiting.",
                inks=((60, 20, 10), (240, 180, 150)),
            ),
            Shot(
                "chelsea",
                13.5,
                _WHOLE,
                View(0.55, 0.4, 0.6),
                "It is Chelsea, the cat from next door, and she wants her breakfast.",
                ("a cat",),
            ),
        ),
    ),
    Story(
        "launch-night",
        (
            Shot(
                "hubble_deep_field",
                9.0,
                View(0.45, 0.5, 0.6),
                View(0.55, 0.5, 0.9),
                "Up there every speck of light is a galaxy of its own.",
                ("a galaxy",),
            ),
            Shot(
                "camera",
                9.0,
                View(0.8, 0.25, 0.4),
                View(0.85, 0.35, 0.4),
                "In the city nobody looks up on such an evening.",
            ),
            Shot(
                "rocket",
                13.5,
                View(0.5, 0.75, 0.7),
                _WHOLE,
                "At the cape a rocket stands on its pad. Ten minutes to launch.",
                ("a rocket launch",),
            ),
        ),
    ),
    Story(
        "ready-for-space",
        (
            Shot(
                "astronaut",
                9.0,
                View(0.85, 0.35, 0.4),
                View(0.8, 0.15, 0.4),
                "A model of the space shuttle stands in the studio.",
            ),
            Shot(
                "astronaut",
                13.5,
                View(0.5, 0.25, 1.0),
                View(0.5, 0.7, 0.9),
                "The astronaut wears the orange suit; her helmet lies on her knee.",
                ("a helmet",),
            ),
        ),
    ),
    Story(
        "the-photographer",
        (
            Shot(
                "grass",
                9.0,
                View(0.4, 0.4, 0.9),
                View(0.6, 0.6, 0.9),
                "Look down first: so much of the park is grass.",
            ),
            Shot(
                "camera",
                9.0,
                View(0.3, 0.2, 0.4),
                View(0.45, 0.28, 0.45),
                "He has been standing on the lawn since noon.",
            ),
            Shot(
                "camera",
                9.0,
                View(0.6, 0.75, 0.7),
                View(0.55, 0.6, 0.95),
                "The camera stays on its tripod, and he stays with the camera.",
            ),
        ),
    ),
    Story(
        "the-coin-collection",
        (
            Shot(
                "coins",
                9.0,
                View(0.3, 0.5, 0.6),
                View(0.7, 0.5, 0.6),
                "Four rows of Greek coins, found in Pompeii.",
                inks=((20, 12, 5), (250, 215, 150)),
            ),
            Shot(
                "coins",
                9.0,
                View(0.9, 0.15, 0.3),
                View(0.9, 0.45, 0.3),
                "Each one shows a god, a king or an animal.",
                inks=((20, 12, 5), (250, 215, 150)),
            ),
        ),
    ),
    Story(
        "down-to-the-paddock",
        (
            Shot(
                "gravel",
                9.0,
                View(0.35, 0.6, 0.35),
                View(0.5, 0.5, 0.5),
                "The way down to the paddock is all pebbles.",
                ("pebbles",),
            ),
            Shot(
                "horse",
                13.5,
                View(0.4, 0.5, 1.0),
                View(0.55, 0.5, 0.95),
                "And there is the horse, with the whole sky behind it.",
                ("a horse",),
                inks=((110, 60, 25), (180, 210, 245)),
                margin=0.25,
            ),
        ),
    ),
    Story(
        "under-the-microscope",
        (
            Shot(
                "cell",
                9.0,
                View(0.6, 0.5, 0.9),
                View(0.78, 0.57, 0.6),
                "A single cell floats in salt water.",
            ),
            Shot(
                "immunohistochemistry",
                9.0,
                View(0.3, 0.3, 0.6),
                View(0.7, 0.7, 0.6),
                "Tissue, stained brown where the protein is.",
            ),
            Shot(
                "retina",
                9.0,
                View(0.3, 0.5, 0.4),
                View(0.6, 0.5, 0.6),
                "The back of an eye, with all its vessels.",
            ),
        ),
    ),
)

"""The picture of the whole system at the top of README.md, in a light and a dark version."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

TITLE = "From a commit to a new image"
DESCRIPTION = (
    "A commit starts CodePipeline with the stages Source, Deploy and Automation. In Deploy, "
    "CodeDeploy updates the instances of the Auto Scaling group in place. In Automation, the "
    "baker, a Lambda function, makes an AMI of an updated instance and puts it into a new version "
    "of the launch template, from which a scale-out launches."
)
WIDTH, HEIGHT = 800, 424
FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"


@dataclass(frozen=True)
class Theme:
    """Colours.

    Attributes:
        text: of headings.
        faint: of everything that explains.
        line: of borders.
        area: fills what contains others.
        box: fills what stands in an area.
        deploy: of what CodeDeploy does.
        bake: of what the baker does.
        launch: of what a launch does.
    """

    text: str
    faint: str
    line: str
    area: str
    box: str
    deploy: str
    bake: str
    launch: str


LIGHT = Theme(
    text="#1f2328",
    faint="#59636e",
    line="#d1d9e0",
    area="#f6f8fa",
    box="#ffffff",
    deploy="#0969da",
    bake="#bc4c00",
    launch="#1a7f37",
)
DARK = Theme(
    text="#f0f6fc",
    faint="#9198a1",
    line="#3d444d",
    area="#151b23",
    box="#212830",
    deploy="#4493f8",
    bake="#f0883e",
    launch="#3fb950",
)


def picture(theme: Theme) -> str:
    """The SVG on a transparent background."""
    pen = Pen(theme)
    return svg(
        pen.commit(16, 52),
        pen.area(136, 16, 648, 136, "CodePipeline"),
        pen.arrow((96, 92), (150, 92), theme.text),
        pen.box(156, 52, "Source", "CodeCommit, GitHub,", "Amazon S3, ECR …"),
        pen.arrow((332, 92), (366, 92)),
        pen.box(372, 52, "Deploy", "CodeDeploy,", "in place", colour=theme.deploy),
        pen.arrow((548, 92), (582, 92)),
        pen.box(588, 52, "Automation", "the baker,", "a Lambda function", colour=theme.bake),
        pen.area(16, 224, 532, 184, "Auto Scaling group"),
        pen.arrow((460, 132), (460, 218), theme.deploy),
        pen.caption(448, 188, "updates the instances", theme.deploy),
        *(
            pen.instance(x, 264, "instance", "new revision", colour=theme.deploy)
            for x in (36, 204, 372)
        ),
        pen.instance(372, 344, "new instance", "same revision", colour=theme.launch, dashed=True),
        pen.caption(356, 373, "A scale-out launches from this image", theme.launch),
        pen.arrow((676, 132), (676, 218), theme.bake),
        pen.caption(664, 188, "makes an image", theme.bake),
        pen.arrow((528, 288), (582, 288), theme.bake),
        pen.box(588, 224, "AMI", "holds the packages", "and the revision"),
        pen.arrow((676, 304), (676, 322), theme.bake),
        pen.box(588, 328, "Launch template", "new version,", "only its image differs"),
        pen.arrow((588, 368), (534, 368), theme.launch),
    )


class Pen:
    """Draws in the colours of a theme; all coordinates are pixels."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme

    def area(self, x: int, y: int, width: int, height: int, heading: str) -> str:
        """A frame around other things."""
        return self._rect(x, y, width, height, 10, self.theme.area, self.theme.line) + self._text(
            x + 20, y + 25, heading, self.theme.faint, 14, 600, "start"
        )

    def box(self, x: int, y: int, heading: str, *lines: str, colour: str = "") -> str:
        """A heading with two lines below it."""
        width, height, middle = 176, 80, x + 88
        return (
            self._rect(x, y, width, height, 8, self.theme.box, colour or self.theme.line)
            + self._text(middle, y + 27, heading, self.theme.text, 15, 600, "middle")
            + "".join(
                self._text(middle, y + 47 + 18 * number, line, self.theme.faint, 13, 400, "middle")
                for number, line in enumerate(lines)
            )
        )

    def instance(
        self, x: int, y: int, heading: str, line: str, colour: str, dashed: bool = False
    ) -> str:
        return (
            self._rect(x, y, 156, 48, 8, self.theme.box, colour, dashed)
            + self._text(x + 78, y + 20, heading, self.theme.text, 13, 600, "middle")
            + self._text(x + 78, y + 38, line, self.theme.faint, 12, 400, "middle")
        )

    def commit(self, x: int, y: int) -> str:
        """A commit on its branch."""
        return (
            f'<path d="M {x} {y + 40} H {x + 80}" stroke="{self.theme.text}" stroke-width="2"/>\n'
            f'<circle cx="{x + 40}" cy="{y + 40}" r="10" fill="{self.theme.box}" '
            f'stroke="{self.theme.text}" stroke-width="2"/>\n'
            + self._text(x + 40, y + 74, "commit", self.theme.text, 15, 600, "middle")
        )

    def arrow(self, start: tuple[int, int], end: tuple[int, int], colour: str = "") -> str:
        """A straight arrow, horizontal or vertical."""
        colour = colour or self.theme.faint
        (x1, y1), (x2, y2) = start, end
        dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)  # the direction
        back_x, back_y = x2 - 9 * dx, y2 - 9 * dy
        corners = [(x2, y2), (back_x + 5 * dy, back_y + 5 * dx), (back_x - 5 * dy, back_y - 5 * dx)]
        points = " ".join(f"{x},{y}" for x, y in corners)
        return (
            f'<path d="M {x1} {y1} L {back_x} {back_y}" stroke="{colour}" stroke-width="2"/>\n'
            f'<polygon points="{points}" fill="{colour}"/>\n'
        )

    def caption(self, x: int, y: int, text: str, colour: str) -> str:
        """A text beside an arrow, which ends at ``x``."""
        return self._text(x, y, text, colour, 13, 400, "end")

    def _rect(
        self,
        x: int,
        y: int,
        width: int,
        height: int,
        radius: int,
        fill: str,
        line: str,
        dashed: bool = False,
    ) -> str:
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        return (
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" '
            f'fill="{fill}" stroke="{line}" stroke-width="1.5"{dashes}/>\n'
        )

    def _text(
        self, x: int, y: int, text: str, colour: str, size: int, weight: int, anchor: str
    ) -> str:
        return (
            f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" font-weight="{weight}" '
            f'text-anchor="{anchor}">{escape(text)}</text>\n'
        )


def svg(*parts: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="title description" '
        f'font-family="{FONT}" fill="none">\n'
        f'<title id="title">{escape(TITLE)}</title>\n'
        f'<desc id="description">{escape(DESCRIPTION)}</desc>\n' + "".join(parts) + "</svg>\n"
    )

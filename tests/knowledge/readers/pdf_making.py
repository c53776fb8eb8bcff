"""PDF files written by hand, so that a test holds every operator of the page it reads."""

FONTS = {"F1": "Times-Roman", "F2": "Times-Bold", "F3": "Helvetica", "F4": "Courier", "F5": "Times-Italic"}
STATES = {"Clear": "/ca 0 /CA 0", "Faint": "/ca 0.03 /CA 0.03", "Solid": "/ca 1 /CA 1"}


def show(x: float, y: float, text: str, size: float = 10, font: str = "F1", before: str = "") -> str:
    """The operators that show a line of text at (x, y), in points from the lower left corner."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"q {before} BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET Q\n"


def lines(x: float, y: float, text: str, size: float = 10, font: str = "F1", leading: float = 12) -> str:
    """The lines of a text below one another; one that begins with ">" is indented by 10 points."""
    rows = enumerate(text.strip("\n").split("\n"))
    return "".join(
        show(x + 10 * row.startswith(">"), y - leading * index, row.removeprefix(">"), size, font)
        for index, row in rows
        if row.strip()
    )


def rectangle(x: float, y: float, width: float, height: float, colour: str = "1 1 1") -> str:
    return f"q {colour} rg {x} {y} {width} {height} re f Q\n"


def image(x: float, y: float, width: float, height: float, name: str = "Im") -> str:
    return f"q {width} 0 0 {height} {x} {y} cm /{name} Do Q\n"


class PdfMaker:
    """Collects pages; `data` is the file.

    Every page knows the fonts F1 to F5, the states Clear, Faint and Solid, the picture Im (stripes of black and white)
    and Blank (white), the layers On and Off, and the forms that were added with `form`.
    """

    def __init__(self, size: tuple[float, float] = (612, 792)) -> None:
        self.size = size
        self._pages: list[tuple[str, str]] = []
        self._forms: dict[str, str] = {}

    def page(self, content: str, entries: str = "") -> "PdfMaker":
        """Add a page; `entries` are more entries of its dictionary, such as "/Rotate 90"."""
        self._pages.append((content, entries))
        return self

    def form(self, name: str, content: str) -> "PdfMaker":
        """Add a form that pages paint with "/name Do"."""
        self._forms[name] = content
        return self

    def data(self, trailer: str = "") -> bytes:
        """The whole file; `trailer` are more entries of its trailer, such as an /Encrypt dictionary."""
        objects: list[bytes] = []

        def add(body: str | bytes) -> int:
            objects.append(body if isinstance(body, bytes) else body.encode("latin-1"))
            return len(objects)

        def stream(entries: str, content: bytes) -> bytes:
            head = f"<< {entries} /Length {len(content)} >>\nstream\n".encode()
            return head + content + b"\nendstream"

        catalog, tree = add(""), add("")
        fonts = {
            name: add(f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>")
            for name, font in FONTS.items()
        }
        states = {name: add(f"<< /Type /ExtGState {entries} >>") for name, entries in STATES.items()}
        grey = "/Type /XObject /Subtype /Image /Width 8 /Height 8 /BitsPerComponent 8 /ColorSpace /DeviceGray"
        pictures = {
            "Im": add(stream(grey, bytes(255 * (column % 2) for row in range(8) for column in range(8)))),
            "Blank": add(stream(grey, b"\xff" * 64)),
        }
        layers = {name: add(f"<< /Type /OCG /Name ({name}) >>") for name in ("On", "Off")}

        def resources(forms: dict[str, int]) -> str:
            groups = {
                "Font": fonts,
                "ExtGState": states,
                "XObject": pictures | forms,
                "Properties": layers,
            }
            inner = " ".join(
                f"/{group} << {' '.join(f'/{name} {number} 0 R' for name, number in entries.items())} >>"
                for group, entries in groups.items()
            )
            return f"/Resources << {inner} >>"

        width, height = self.size
        box = f"/BBox [0 0 {width} {height}]"
        forms = {
            name: add(stream(f"/Type /XObject /Subtype /Form {box} {resources({})}", content.encode("latin-1")))
            for name, content in self._forms.items()
        }
        kids = []
        for content, entries in self._pages:
            body = add(stream("", content.encode("latin-1")))
            page = f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {width} {height}] {resources(forms)}"
            kids.append(add(f"{page} /Contents {body} 0 R {entries} >>"))
        off = f"/OCProperties << /OCGs [{layers['On']} 0 R {layers['Off']} 0 R] /D << /OFF [{layers['Off']} 0 R] >> >>"
        objects[catalog - 1] = f"<< /Type /Catalog /Pages {tree} 0 R {off} >>".encode()
        inner = " ".join(f"{kid} 0 R" for kid in kids)
        objects[tree - 1] = f"<< /Type /Pages /Kids [{inner}] /Count {len(kids)} >>".encode()
        return assemble(objects, f"/Root {catalog} 0 R {trailer}")


def assemble(objects: list[bytes], trailer: str) -> bytes:
    """Numbered objects with their cross-reference table."""
    data, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for offset in offsets:
        data += f"{offset:010d} 00000 n \n".encode()
    data += f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)

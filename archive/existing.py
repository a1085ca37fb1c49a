"""What a new text finds among the files that are there already.

set_by      the current text of its article, as it will stand beside the earlier ones
pictured    its pictures, and which of them are not here yet
"""

from collections.abc import Mapping

from archive.capture import Picture
from archive.document import PictureFile
from archive.errors import DamagedArchive
from archive.files import Tree, deeper, digest, image_path, refusal, revision_path
from archive.filing import parsed, seal
from archive.index.articles import SetBy
from archive.index.holdings import Kept, KeptPicture
from archive.text import line


def set_by(tree: Tree, kept: Kept) -> SetBy:
    """The current text as it will stand beside the earlier ones, when a newer one takes its place."""
    path = revision_path(kept.id, kept.revision)
    try:
        content = deeper(tree.read(kept.path))
    except OSError as error:
        if limit := refusal(error):  # it is there, and must not be written over
            raise limit from error
        # Somebody deleted it: `verify` says so, and `repair` may find what it said.
        return SetBy(number=kept.revision, path=path, sha256=None, content=b"")
    try:
        sha256 = seal(content, parsed(content, kept.path))
    except DamagedArchive:
        sha256 = ""  # somebody wrote over it
    return SetBy(number=kept.revision, path=path, sha256=sha256, content=content)


def pictured(
    tree: Tree, pictures: Mapping[str, Picture | KeptPicture]
) -> tuple[dict[str, PictureFile], dict[str, int], dict[str, bytes]]:
    """What a document says of its pictures, path → size of each, and path → bytes of those not here yet."""
    files: dict[str, PictureFile] = {}
    sizes: dict[str, int] = {}
    contents: dict[str, bytes] = {}
    for url, picture in pictures.items():
        if isinstance(picture, Picture):
            path = image_path(digest(picture.content), picture.extension)
            sizes[path] = len(picture.content)
            if tree.size(path) != len(picture.content):
                contents[path] = picture.content
        else:
            path = picture.path
            sizes[path] = tree.size(path) or 0
        files[line(url)] = PictureFile(
            path=path,
            width=picture.width,
            height=picture.height,
            frames=picture.frames,
            hash=picture.hash,
        )
    return files, sizes, contents

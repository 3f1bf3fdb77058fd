"""What every op is."""

from typing import ClassVar

import msgspec


class Op(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Something that happened, for ever. A field added later comes last and has a default."""

    SUBJECT: ClassVar[str]  # the field that names what it happened to
    VERSION: ClassVar[int] = 1

    @classmethod
    def kind_name(cls) -> str:
        """The kind under which ops of this type are stored: `line_voided`."""
        return str(cls.__struct_config__.tag)

    @property
    def tag(self) -> str:
        """The kind under which the op is stored: `line_voided`. Some ops have a field named `kind`."""
        return str(self.__struct_config__.tag)

    @property
    def subject(self) -> str:
        """The id of what it happened to."""
        return str(getattr(self, self.SUBJECT))

"""What every op is."""

from typing import ClassVar

import msgspec


class Op(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """Something that happened, for ever. A field added later comes last and has a default.

    What has its default is not stored, here and in every struct that an op holds: a field added later changes nothing
    of what is stored already, in the log or in a column.
    """

    SUBJECT: ClassVar[str]  # the field that names what it happened to

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

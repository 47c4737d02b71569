"""The query language: what people type becomes a `search.question.Question`.

    question = step *( "then" step [ "within" duration ] ) , filters anywhere
    step     = 1*( words | channel | example )
    words    = word | prefix* | "exact phrase" | -word | -"phrase" | -prefix*
    channel  = ( "said:" | "shown:" | "screen:" | "named:" ) ( word | "phrase" | "(" words ")" )
             | the same with a space after the colon, up to the next field, `then` or the end
             | "-" channel, which no channel may have
    example  = [-]"like:" VIDEO@SECONDS
    filter   = ( "in:" | "tag:" | "after:" | "longer:" | ... ) value

`then` with nothing before or after it is a word, and so is `within` in the first step. In quotes
nothing is a sign. Text without fields and `then` is read as `search.words` reads it.

docs/query-language.md is for users.
"""

from search.language.merging import merge_filters
from search.language.parser import parse_question, plain_question

__all__ = ["merge_filters", "parse_question", "plain_question"]

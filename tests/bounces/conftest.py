from tests.buyers import mailbox, tell

__all__ = ("mailbox", "tell")

"""A user's own topics and corrections of topics: read from a file, and respected on every run."""

from journeyseo.topic_edits.apply import EditedTopics, edit_topics
from journeyseo.topic_edits.entries import TopicEdit, TopicEdits
from journeyseo.topic_edits.notes import topic_note_text
from journeyseo.topic_edits.read import read_topic_edits

__all__ = ["EditedTopics", "TopicEdit", "TopicEdits", "edit_topics", "read_topic_edits", "topic_note_text"]

def test_model():
    assert "gpt-4-turbo" != "claude-3-5-sonnet"

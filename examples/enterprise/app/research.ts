// Reads a market's reports at once.
export const reader = { model: "gemini-2.5-pro", fallback: "gpt-4o", maxTokens: 4096 };

// What both sides of a session write to each other, for programs without our elements.
export { Chat, maxMessageLength, type ChatMessage, type ChatSnapshot } from './chat.js';

import type { WireError } from './wire-error.ts';

/** Asks the child to run a command. */
export interface CallMessage {
  readonly type: 'lifeguard:call';
  readonly id: number;
  readonly command: string;
  readonly arg: unknown;
}

/** Carries a command's result, or its error, back. */
export interface AnswerMessage {
  readonly type: 'lifeguard:answer';
  readonly id: number;
  readonly result?: unknown;
  readonly error?: WireError;
}

/** Any message of a child that is no answer: what it wants to tell by itself. */
export interface Notice {
  readonly type: string;
  readonly [detail: string]: unknown;
}

/** Whether a message is the call of a command. */
export function isCall(message: unknown): message is CallMessage {
  return (message as Partial<CallMessage> | null)?.type === 'lifeguard:call';
}

/** Whether a message answers a call. */
export function isAnswer(message: unknown): message is AnswerMessage {
  return (message as Partial<AnswerMessage> | null)?.type === 'lifeguard:answer';
}

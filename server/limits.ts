/** What one server takes on at most. Each bound has a clear error or a notice in the transcript (A5, L12). */
import { z } from 'zod';

const upTo = (most: number) => z.number().int().min(1).max(most);

/** `limits` of tabcast.config.json. */
export const limitsConfig = z
  .strictObject({
    sessions: upTo(1_000_000),
    turns: upTo(10_000),
    streams: upTo(100_000),
    queue: upTo(1000),
    turnMegabytes: upTo(256),
  })
  .partial();

export interface Limits {
  /** Sessions of one person. */
  sessions: number;
  /** Turns that run at once, of all. */
  turns: number;
  /** Open event streams of one person: lanes and own ones. */
  streams: number;
  /** Prompts that wait in one session. */
  queue: number;
  /** Megabytes (MiB) of an agent's output that one turn keeps. */
  turnMegabytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  sessions: 10_000,
  turns: 64,
  streams: 512,
  queue: 100,
  turnMegabytes: 16,
};

export function withDefaults(set: z.output<typeof limitsConfig>): Limits {
  const given = Object.entries(set).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_LIMITS, ...Object.fromEntries(given) };
}

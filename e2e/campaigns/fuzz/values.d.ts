/** Values for a schema: ones that fit it, ones with a single fault, and ones that are out for trouble. */
import fc from 'fast-check';
import { z } from 'zod';
/** Names and texts that parsers, logs, headers and objects have tripped over. */
export declare const HOSTILE_TEXTS: readonly string[];
/** Deep, wide, and with the names of an object's own parts. */
export declare const hostileValue: fc.Arbitrary<unknown>;
/** What fits. Free texts begin with `marker`, so that they are known wherever they turn up. */
export declare function fitting(schema: z.ZodType, marker: string): fc.Arbitrary<unknown>;
/** A fitting value with one thing changed, somewhere in it. */
export declare function faulty(fits: fc.Arbitrary<unknown>): fc.Arbitrary<unknown>;

/** What is wrong with an input, in words that name the field. */
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** The first issue as `field.path: what is wrong`. */
export function describeIssues(issues: readonly Issue[]): string {
  const [first] = issues;
  if (first === undefined) return 'The input is not valid.';
  const { path, message } = deepest(first, []);
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

interface Found {
  path: PropertyKey[];
  message: string;
}

/** Of a union's branches the one that got furthest is the one that was meant; at the same place one that is not of another type. */
function deepest(issue: Issue, parent: readonly PropertyKey[]): Found {
  const path = [...parent, ...issue.path];
  let found: Found = { path, message: issue.message };
  if (issue.code !== 'invalid_union') return found;
  for (const branch of issue.errors) {
    const [first] = branch;
    if (first === undefined) continue;
    const candidate = deepest(first, path);
    const sameType = found.message === issue.message && first.code !== 'invalid_type';
    const further = candidate.path.length - found.path.length;
    if (further > 0 || (further === 0 && sameType)) found = candidate;
  }
  return found;
}

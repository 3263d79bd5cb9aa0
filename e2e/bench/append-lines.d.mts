export function clock(): number;
export function numbered(sessionId: string, n: number): string;

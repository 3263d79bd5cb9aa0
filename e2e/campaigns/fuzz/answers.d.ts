import type { Plan } from './plans.ts';
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}
/** @returns what is wrong with it; empty when nothing is */
export declare function faultsOf(plan: Plan, method: string, answer: Answer): string[];

/** What a campaign is: a seeded program that treats the built product badly and checks that its rules hold. */

export interface CampaignOptions {
  /** Decides every choice of the campaign; what the machine does meanwhile it can't decide. */
  readonly seed: number;
  /** How often the campaign does the bad thing: kills, faults, requests. */
  readonly rounds: number;
}

/** What happened, for a person to see that it did: names with counts. */
export type CampaignSummary = Record<string, number>;

export interface Campaign {
  /** Rounds of the long run, when none are asked for. */
  readonly rounds: number;
  /** @throws with the seed in its message when a rule does not hold */
  run(options: CampaignOptions): Promise<CampaignSummary>;
}

/** Time that was bought at one price: the first length of a session, or one extension. */
export interface BoughtBlock {
  seconds: number;
  /** What the whole block costs, a whole number. */
  tokens: number;
}

export interface Settlement {
  usedSeconds: number;
  finalCost: number;
  tokensRefunded: number;
}

/**
 * What a session costs in the end. Blocks are used up in the order they were bought: a whole block costs its price, a
 * partly used one its share, rounded up, and what is left is given back. `finalCost + tokensRefunded` is always the sum
 * of the blocks' prices.
 * @param usedSeconds whole seconds; more than was bought counts as all of it.
 */
export function settle(blocks: readonly BoughtBlock[], usedSeconds: number): Settlement {
  let secondsLeft = usedSeconds;
  let finalCost = 0;
  let tokensAllocated = 0;
  for (const { seconds, tokens } of blocks) {
    const used = Math.min(secondsLeft, seconds);
    secondsLeft -= used;
    tokensAllocated += tokens;
    finalCost += Math.ceil((tokens * used) / seconds);
  }
  return { usedSeconds: usedSeconds - secondsLeft, finalCost, tokensRefunded: tokensAllocated - finalCost };
}

/** The price of a session's first length, rounded up to whole tokens. */
export function priceOf(tokensPerMinute: number, seconds: number): number {
  return Math.ceil((tokensPerMinute * seconds) / 60);
}

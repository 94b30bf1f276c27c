/** What one process of many does at a time, by name. */
export interface ChoreLeases {
  /** True where `owner` has it from now on, or has it still; one whose process has died here has nothing. */
  acquireChore(name: string, owner: string, milliseconds: number): Promise<boolean>;
  /** Nothing where another has it. */
  releaseChore(name: string, owner: string): Promise<void>;
}

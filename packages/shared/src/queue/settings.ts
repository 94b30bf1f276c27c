export interface StoredSetting {
  readonly key: string;
  readonly value: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

export interface SettingStore {
  readSettings(): Promise<readonly StoredSetting[]>;
  writeSettings(values: Readonly<Record<string, string | null>>, by: string): Promise<void>;
}

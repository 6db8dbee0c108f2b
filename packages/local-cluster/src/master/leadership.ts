/** Whether this master leads, and who does (host:port) as far as it is known. */
export interface Leadership {
  current(): { readonly leading: boolean; readonly leader?: string | undefined };
}

/** A master that no ZooKeeper elects leads from the start (docs/high-availability.md: only --zk makes an election). */
export const soleMaster: Leadership = { current: () => ({ leading: true }) };

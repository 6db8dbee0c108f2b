// A program: a local cluster with the options that its argument gives in JSON.
import { startLocalCluster } from '../../cluster/local-cluster.js';
import type { LocalClusterOptions } from '../../cluster/options.js';

const cluster = await startLocalCluster(JSON.parse(process.argv[2] ?? '{}') as LocalClusterOptions);
process.on('SIGTERM', () => void cluster.stop().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ url: cluster.url, faultsUrl: cluster.faultsUrl, masters: cluster.masters() })}\n`);

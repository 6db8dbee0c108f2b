// A program: a local cluster with the flags in its arguments.
import { BOOLEAN_FLAGS, clusterCommand, type ClusterFlags } from '../../cluster/command-line/cluster-flags.js';
import { clusterOptionsOf } from '../../cluster/command-line/cluster-options.js';
import { respelled } from '../../cluster/command-line/spelling.js';
import { startLocalCluster } from '../../cluster/local-cluster.js';

const command = clusterCommand().parse(respelled(process.argv.slice(2), BOOLEAN_FLAGS), { from: 'user' });
const cluster = await startLocalCluster(clusterOptionsOf(command.opts<ClusterFlags>()));
process.on('SIGTERM', () => void cluster.stop().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ url: cluster.url, faultsUrl: cluster.faultsUrl, masters: cluster.masters() })}\n`);

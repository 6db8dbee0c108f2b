// An agent's HTTP server. It listens before its agent exists, since an agent says its port when it registers.
import express from 'express';
import { networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import { HttpServer } from '../../master/http/http-server.js';
import { errorAnswer } from '../../master/http/error-answer.js';
import { onlyLocalNames } from '../../master/http/host-guard.js';
import type { AgentReport } from './agent-report.js';
import { agentRoutes } from './agent-routes.js';

type Print = (message: string, fields: Readonly<Record<string, unknown>>) => void;

/** All of 127.0.0.0/8 are addresses of a Linux machine. */
const isOwnAddress = (ip: string): boolean =>
  isIP(ip) === 4 &&
  (ip.startsWith('127.') || Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === ip)));

export class AgentServer {
  private report: (() => AgentReport | undefined) | undefined;

  private constructor(
    private readonly server: HttpServer,
    readonly ip: string,
    private readonly print: Print,
  ) {}

  /**
   * On the address that is the agent's host name, at `port`; where that is taken or is none of this machine's, at a free one of `otherwise`.
   * @throws Error when there is none
   */
  static async listen(hostname: string, port: number, otherwise: string, print: Print): Promise<AgentServer> {
    const ip = isOwnAddress(hostname) ? hostname : otherwise;
    const app = express();
    const listening = await HttpServer.listen(app, ip, ip === hostname ? port : 0).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EADDRNOTAVAIL') throw error;
      return HttpServer.listen(app, error.code === 'EADDRNOTAVAIL' ? otherwise : ip, 0);
    });
    const server = new AgentServer(listening, listening.ip, print);
    if (server.ip !== hostname || server.port !== port)
      print('agent listens elsewhere', { agent: hostname, wanted: `${hostname}:${port}`, at: `${server.ip}:${server.port}` });
    server.serve(app);
    return server;
  }

  get port(): number {
    return this.server.port;
  }

  /** undefined: the agent's process is down. */
  show(report: () => AgentReport | undefined): void {
    this.report = report;
  }

  /** The agent's process stands still. */
  pause(): void {
    this.server.pause();
  }

  resume(): void {
    this.server.resume();
  }

  close(): void {
    this.server.close();
  }

  private serve(app: express.Express): void {
    app.disable('x-powered-by');
    app.disable('etag');
    if (this.ip.startsWith('127.')) app.use(onlyLocalNames);
    let routes: express.Router | undefined;
    app.use((request, response, next) => {
      const { report } = this;
      // Nobody listens for a process that is down.
      if (report?.() === undefined) return void request.socket.destroy();
      routes ??= agentRoutes(() => report() as AgentReport);
      routes(request, response, next);
    });
    app.use(errorAnswer(this.print));
  }
}

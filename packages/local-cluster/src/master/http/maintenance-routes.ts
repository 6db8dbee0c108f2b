// The maintenance schedule and machines that go down and come up (src/master/http.cpp: maintenanceSchedule, machineDown, machineUp).
import { Router, type Request, type Response } from 'express';
import { allowsMethod, badRequest, ok, sendJson, sendText } from '../../http/answers.js';
import { anyBody, bodyOf, endpoint, queryOf } from '../../http/requests.js';
import { decodeList, decodeObject } from '../../wire/json-body.js';
import { messageType } from '../../wire/operator-messages.js';
import { maintenanceSchedule, updateSchedule } from '../domain/maintenance/schedule.js';
import { maintenanceStatus } from '../domain/maintenance/status.js';
import { startMaintenance, stopMaintenance } from '../domain/maintenance/transitions.js';
import type { MasterState } from '../domain/master-state.js';
import type { Turn } from '../domain/turn.js';
import type { MachineId, MaintenanceSchedule } from '../domain/maintenance/records.js';
import type { Leadership } from '../leadership.js';
import type { Master } from '../master.js';
import { leaderOnly } from './leader-only.js';

type Transition = (master: MasterState, machines: readonly MachineId[], turn: Turn) => string | undefined;

const BODY_LIMIT = '16mb';

const answer = (response: Response, error: string | undefined): void => sendText(response, error === undefined ? ok : badRequest(error));

export const maintenanceRoutes = (master: Master, leadership: Leadership): Router => {
  const router = Router({ caseSensitive: true });
  const before = [leaderOnly(leadership), anyBody(BODY_LIMIT)];

  router.all(endpoint('master', 'maintenance/schedule'), before, (request: Request, response: Response) => {
    if (!allowsMethod(request, response, ['GET', 'POST'])) return;
    if (request.method === 'GET') return sendJson(response, maintenanceSchedule(master.state), queryOf(request)['jsonp']);
    const decoded = decodeObject(messageType('maintenance.Schedule'), bodyOf(request));
    if ('error' in decoded) return sendText(response, badRequest(decoded.error));
    answer(
      response,
      master.operate((state, turn) => updateSchedule(state, decoded.value as unknown as MaintenanceSchedule, turn)),
    );
  });

  router.all(endpoint('master', 'maintenance/status'), before, (request: Request, response: Response) => {
    if (!allowsMethod(request, response, ['GET'])) return;
    sendJson(response, maintenanceStatus(master.state), queryOf(request)['jsonp']);
  });

  const machines = (name: string, transition: Transition): void => {
    router.all(endpoint('master', name), before, (request: Request, response: Response) => {
      if (!allowsMethod(request, response, ['POST'])) return;
      const decoded = decodeList(messageType('MachineID'), bodyOf(request));
      if ('error' in decoded) return sendText(response, badRequest(decoded.error));
      answer(
        response,
        master.operate((state, turn) => transition(state, decoded.value as MachineId[], turn)),
      );
    });
  };
  machines('machine/down', startMaintenance);
  machines('machine/up', stopMaintenance);
  return router;
};

import { Router } from 'express';
import type { Leading } from './leading.js';
export const agentRoutes = (_leading: Leading): Router => Router();

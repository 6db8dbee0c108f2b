#!/usr/bin/env node
import { runService } from '@streams-on-mesos/service';
import { runAllocationService } from './service.js';
import { serviceSettings } from './settings.js';

runService({ name: 'allocation-service', settings: serviceSettings, run: runAllocationService });

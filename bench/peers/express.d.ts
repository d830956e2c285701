// A peer needs express, and no types of it.
declare module 'express';

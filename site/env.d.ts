/// <reference types="astro/client" />

declare namespace App {
  interface Locals {
    page: import('../lib/snapshot/page-data.ts').PageData;
  }
}

// Made from shared/ by `make types`. Never edit: change shared/ and make it again.

/** What a field may hold. A form says it before the edge refuses it. */
export interface Limit {
  /** The fewest and the most letters of a text. */
  minLength?: number;
  maxLength?: number;
  /** The smallest and the greatest number. */
  min?: number;
  max?: number;
  /** The only words it may be. */
  choices?: readonly string[];
}

export const openDrawer = {
  drawer_name: { maxLength: 40 },
  float_minor: { min: 0, max: 100000000000 },
} as const satisfies Record<string, Limit>;

export const moveCash = {
  kind: { choices: ["drop", "payout", "cash_in"] },
  amount_minor: { min: 1, max: 100000000000 },
  reason: { minLength: 1, maxLength: 80 },
} as const satisfies Record<string, Limit>;

export const openDrawerWithoutSale = {
  reason: { minLength: 1, maxLength: 80 },
} as const satisfies Record<string, Limit>;

export const countDrawer = {
  counted_minor: { min: 0, max: 100000000000 },
} as const satisfies Record<string, Limit>;

export const settlePurse = {
  counted_minor: { min: 0, max: 100000000000 },
} as const satisfies Record<string, Limit>;

export const closeDay = {
  z_number: { min: 0 },
} as const satisfies Record<string, Limit>;

export const askPairing = {
  app: { choices: ["waiter", "pos", "kds", "manage"] },
  device_name: { minLength: 1, maxLength: 40 },
} as const satisfies Record<string, Limit>;

export const approvePairing = {
  role: { choices: ["waiter", "pos", "kds", "manage"] },
  device_name: { maxLength: 40 },
} as const satisfies Record<string, Limit>;

export const configureVenue = {
  name: { minLength: 1, maxLength: 80 },
  language: { choices: ["es-AR", "en"] },
  timezone: { maxLength: 60 },
  cutover_min: { min: 0, max: 1439 },
  cover_charge_minor: { min: 0, max: 100000000000 },
  cover_charge_vat_bp: { min: 0, max: 10000 },
  draft_expiry_s: { min: 60, max: 86400 },
  max_waiting_drafts: { min: 1, max: 20 },
  wifi_name: { maxLength: 40 },
} as const satisfies Record<string, Limit>;

export const changeVenue = {
  name: { minLength: 1, maxLength: 80 },
  language: { choices: ["es-AR", "en"] },
  timezone: { maxLength: 60 },
  cutover_min: { min: 0, max: 1439 },
  cover_charge_minor: { min: 0, max: 100000000000 },
  cover_charge_vat_bp: { min: 0, max: 10000 },
  draft_expiry_s: { min: 60, max: 86400 },
  max_waiting_drafts: { min: 1, max: 20 },
  wifi_name: { maxLength: 40 },
} as const satisfies Record<string, Limit>;

export const drawSection = {
  name: { minLength: 1, maxLength: 80 },
  position: { min: 0, max: 1000 },
  width: { min: 0, max: 10000 },
  height: { min: 0, max: 10000 },
} as const satisfies Record<string, Limit>;

export const changeSection = {
  name: { minLength: 1, maxLength: 80 },
  position: { min: 0, max: 1000 },
  width: { min: 0, max: 10000 },
  height: { min: 0, max: 10000 },
} as const satisfies Record<string, Limit>;

export const drawTable = {
  label: { minLength: 1, maxLength: 8 },
  shape: { choices: ["round", "square", "bar"] },
  seats: { min: 0, max: 50 },
  x: { min: 0, max: 10000 },
  y: { min: 0, max: 10000 },
  width: { min: 0, max: 10000 },
  height: { min: 0, max: 10000 },
} as const satisfies Record<string, Limit>;

export const changeTable = {
  label: { minLength: 1, maxLength: 8 },
  shape: { choices: ["round", "square", "bar"] },
  seats: { min: 0, max: 50 },
  x: { min: 0, max: 10000 },
  y: { min: 0, max: 10000 },
  width: { min: 0, max: 10000 },
  height: { min: 0, max: 10000 },
} as const satisfies Record<string, Limit>;

export const submitDraft = {
  note: { maxLength: 140 },
} as const satisfies Record<string, Limit>;

export const changeDraft = {
  note: { maxLength: 140 },
} as const satisfies Record<string, Limit>;

export const callWaiter = {
  reason: { choices: ["", "water", "cutlery", "question", "other"] },
} as const satisfies Record<string, Limit>;

export const askBill = {
  tender: { choices: ["", "cash", "card", "qr"] },
} as const satisfies Record<string, Limit>;

export const rejectDraft = {
  reason: { choices: ["kitchen_closed", "sold_out", "wrong_table", "spoke_to_guest", "other"] },
  note: { maxLength: 140 },
} as const satisfies Record<string, Limit>;

export const configureStation = {
  name: { minLength: 1, maxLength: 80 },
  position: { min: 0, max: 1000 },
  warn_after_s: { min: 10, max: 7200 },
  late_after_s: { min: 10, max: 7200 },
} as const satisfies Record<string, Limit>;

export const changeStation = {
  name: { minLength: 1, maxLength: 80 },
  position: { min: 0, max: 1000 },
  warn_after_s: { min: 10, max: 7200 },
  late_after_s: { min: 10, max: 7200 },
} as const satisfies Record<string, Limit>;

export const fireCourse = {
  course: { min: 1, max: 9 },
} as const satisfies Record<string, Limit>;

export const pickUpCourse = {
  course: { min: 1, max: 9 },
} as const satisfies Record<string, Limit>;

export const callToPass = {
  course: { min: 1, max: 9 },
} as const satisfies Record<string, Limit>;

export const answerPassCall = {
  course: { min: 1, max: 9 },
} as const satisfies Record<string, Limit>;

export const takeFault = {
  about: { choices: ["printer", "station", "ticket"] },
} as const satisfies Record<string, Limit>;

export const openCheck = {
  kind: { choices: ["table", "counter", "tab"] },
  name: { maxLength: 40 },
  covers: { min: 0, max: 200 },
} as const satisfies Record<string, Limit>;

export const setCovers = {
  covers: { min: 0, max: 200 },
} as const satisfies Record<string, Limit>;

export const voidLine = {
  quantity: { min: 0, max: 99 },
  reason: { maxLength: 80 },
} as const satisfies Record<string, Limit>;

export const adjustCheck = {
  kind: { choices: ["discount", "comp", "surcharge", "service"] },
  rate_bp: { min: 0, max: 10000 },
  amount_minor: { min: 0, max: 100000000000 },
  reason: { maxLength: 80 },
} as const satisfies Record<string, Limit>;

export const adjustLine = {
  kind: { choices: ["discount", "comp", "surcharge"] },
  quantity: { min: 0, max: 99 },
  rate_bp: { min: 0, max: 10000 },
  amount_minor: { min: 0, max: 100000000000 },
  reason: { maxLength: 80 },
} as const satisfies Record<string, Limit>;

export const confirmDraft = {
  covers: { min: 0, max: 200 },
} as const satisfies Record<string, Limit>;

export const takePayment = {
  tender: { choices: ["cash", "card", "transfer"] },
  amount_minor: { min: 0, max: 100000000000 },
  tip_minor: { min: 0, max: 100000000000 },
  tendered_minor: { min: 0, max: 100000000000 },
  reference: { maxLength: 40 },
} as const satisfies Record<string, Limit>;

export const configurePrinter = {
  printer_name: { minLength: 1, maxLength: 80 },
  host: { minLength: 1, maxLength: 120 },
  port: { min: 1, max: 65535 },
  columns: { min: 20, max: 64 },
  code_page: { choices: ["PC858", "PC850", "WPC1252", "ISO8859-15", "PC437"] },
  fence: { choices: ["process_id", "gs_r", "none"] },
  language: { choices: ["", "es-AR", "en"] },
} as const satisfies Record<string, Limit>;

export const changePrinter = {
  printer_name: { minLength: 1, maxLength: 80 },
  host: { minLength: 1, maxLength: 120 },
  port: { min: 1, max: 65535 },
  columns: { min: 20, max: 64 },
  code_page: { choices: ["PC858", "PC850", "WPC1252", "ISO8859-15", "PC437"] },
  fence: { choices: ["process_id", "gs_r", "none"] },
  language: { choices: ["", "es-AR", "en"] },
} as const satisfies Record<string, Limit>;

export const reportPrinterFault = {
  fault: { choices: ["paper_out", "cover_open", "offline", "error", "slow", "unconfirmed"] },
} as const satisfies Record<string, Limit>;

export const reportPrinted = {
  outcome: { choices: ["printed", "handed_over"] },
} as const satisfies Record<string, Limit>;

export const reportPaperFailed = {
  why: { choices: ["unconfirmed", "expired", "elsewhere", "doubtful"] },
} as const satisfies Record<string, Limit>;

export const addStaff = {
  staff_name: { minLength: 1, maxLength: 80 },
  pin: { maxLength: 200 },
} as const satisfies Record<string, Limit>;

export const setPin = {
  pin: { maxLength: 200 },
} as const satisfies Record<string, Limit>;

export const reportBackup = {
  file: { minLength: 1, maxLength: 80 },
  through_seq: { min: 0 },
  size_bytes: { min: 0 },
  copied: { choices: ["", "no_room", "failed"] },
  checked: { choices: ["", "wrong", "failed", "not_done"] },
  problems: { min: 0 },
  second: { choices: ["", "unset", "missing", "no_room", "failed"] },
} as const satisfies Record<string, Limit>;

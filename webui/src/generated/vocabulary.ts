// Made from shared/ by `make types`. Never edit: change shared/ and make it again.

export type Permission = "take_orders" | "confirm_drafts" | "answer_calls" | "pause_drafts" | "void_unsent" | "void_sent" | "move_checks" | "discount" | "comp" | "open_item" | "charge" | "drawer" | "no_sale" | "x_report" | "close_day" | "bump" | "sold_out" | "publish_menu" | "draw_floor" | "manage_staff" | "manage_devices" | "manage_printers" | "configure_venue" | "approve" | "audit";

export type StaffRole = "waiter" | "cashier" | "cook" | "manager" | "technician";

export type Allergen = "peanut" | "nuts" | "milk" | "egg" | "wheat" | "fish" | "shellfish" | "soy" | "sesame" | "other";

export type RejectionCode = "malformed" | "too_large" | "busy" | "stopped" | "id_taken" | "failed" | "too_fast" | "too_slow" | "device_unknown" | "device_revoked" | "not_for_device" | "needs_sign_in" | "needs_permission" | "needs_manager" | "not_approvable" | "changed_meanwhile" | "approval_invalid" | "pin_wrong" | "pin_locked" | "pin_malformed" | "staff_unknown" | "staff_exists" | "role_unknown" | "pairing_unknown" | "pairing_expired" | "table_unknown" | "table_taken" | "table_busy" | "section_unknown" | "menu_invalid" | "menu_missing" | "item_unknown" | "item_sold_out" | "variant_unknown" | "variant_missing" | "modifier_unknown" | "modifier_too_few" | "modifier_too_many" | "price_changed" | "quantity_invalid" | "too_many_lines" | "note_too_long" | "code_invalid" | "code_expired" | "visit_over" | "draft_unknown" | "draft_claimed" | "draft_settled" | "draft_empty" | "drafts_paused" | "too_many_drafts" | "call_pending" | "call_unknown" | "check_unknown" | "check_exists" | "check_closed" | "line_unknown" | "line_exists" | "line_sent" | "line_changed" | "line_void" | "nothing_to_send" | "course_unknown" | "adjustment_unknown" | "adjustment_exists" | "adjustment_invalid" | "adjustment_empty" | "adjustment_too_much" | "too_many_adjustments" | "covers_invalid" | "reason_missing" | "station_unknown" | "ticket_unknown" | "ticket_bumped" | "ticket_open" | "recall_too_late" | "amount_invalid" | "tendered_short" | "reference_missing" | "tender_unknown" | "balance_left" | "check_empty" | "unsent_lines" | "courses_waiting" | "drawer_closed" | "drawer_which" | "drawer_open" | "drawer_unknown" | "payment_exists" | "cash_short" | "clock_doubtful" | "period_over" | "day_empty" | "drawers_open" | "printer_unknown" | "printer_invalid" | "settings_invalid";

export type ReasonCode = "slip" | "changed_mind" | "delay" | "made_wrong" | "returned" | "change_in" | "settlement" | "supplier" | "delivery" | "advance" | "to_safe" | "much_cash" | "give_change" | "check_note";

export type ByeCode = "device_unknown" | "device_revoked" | "closing" | "slow" | "malformed" | "too_large" | "failed" | "incomplete";

/** A job of an errand that is open, or was given up lately; one that is done is gone. */
export interface ErrandView {
  job_id: string;
  errand: string;
  lane: string;
  what: string;
  subject: string;
  state: string;
  outcome: string;
  problem: string;
  attempts: number;
  made_at_ms: number;
  until_ms: number;
}

/** The venue's settings; key `venue`. */
export interface VenueView {
  venue_id: string;
  name: string;
  currency: string;
  language: string;
  timezone: string;
  business_day: string;
  cover_charge_minor: number;
  wifi_name: string;
  drafts_paused_at_ms: number;
  cutover_min: number;
  cover_charge_vat_bp: number;
  draft_expiry_s: number;
  max_waiting_drafts: number;
  rev: string;
  changed_by_name: string;
  changed_at_ms: number;
}

/** A room and who serves it. */
export interface SectionView {
  section_id: string;
  name: string;
  position: number;
  width: number;
  height: number;
  staff_id: string;
  rev: string;
  changed_by_name: string;
  changed_at_ms: number;
}

/** A table on the plan. What happens on it: its checks, tickets and attention cards, by `table_id`. */
export interface TableView {
  table_id: string;
  section_id: string;
  label: string;
  shape: string;
  seats: number;
  x: number;
  y: number;
  width: number;
  height: number;
  code_path: string;
  visit_id: string;
  phones: number;
  rev: string;
  changed_by_name: string;
  changed_at_ms: number;
}

/** A modifier as chosen; `price_minor` is zero when it was one of the group's free ones. */
export interface ChosenModifier {
  group_id: string;
  modifier_id: string;
  name: string;
  price_minor: number;
}

/** One item with its modifiers and quantity, priced. `gross_minor` = quantity × `unit_minor`, VAT included. */
export interface OrderedLine {
  line_id: string;
  item_id: string;
  name: string;
  short_name: string;
  category_id: string;
  variant_id: string;
  variant_name: string;
  modifiers: ChosenModifier[];
  quantity: number;
  unit_minor: number;
  gross_minor: number;
  vat_bp: number;
  course: number;
  station_id: string;
  note: string;
  allergies: string[];
  seat: number;
  draft_id: string;
}

/** A draft as staff and its visit see it. */
export interface DraftView {
  draft_id: string;
  visit_id: string;
  table_id: string;
  table_label: string;
  phone_id: string;
  state: string;
  lines: OrderedLine[];
  note: string;
  allergies: string[];
  total_minor: number;
  submitted_at_ms: number;
  expires_at_ms: number;
  claimed_by: string;
  claimed_by_name: string;
  claimed_at_ms: number;
  settled_at_ms: number;
  check_id: string;
  reason: string;
  reason_note: string;
  edits: [string, string][];
  sold_out: string[];
  price_changed: string[];
}

/** A confirmed line as guests see it. */
export interface GuestLine {
  line_id: string;
  name: string;
  variant_name: string;
  modifiers: string[];
  quantity: number;
  gross_minor: number;
  note: string;
  stage: string;
}

/** What was taken off what the guests pay, or put on top; the amount as the total feels it. */
export interface GuestAdjustment {
  adjustment_id: string;
  line_id: string;
  kind: string;
  rate_bp: number;
  amount_minor: number;
  reason: string;
}

/** A visit as its phones see it; key = visit id. Kept after the end so that phones can say so. */
export interface GuestView {
  visit_id: string;
  is_over: boolean;
  venue_name: string;
  table_label: string;
  drafts: DraftView[];
  lines: GuestLine[];
  covers: number;
  cover_charge_minor: number;
  total_minor: number;
  paid_minor: number;
  calls: string[];
  answered_by: string;
  menu_version: number;
  sold_out: string[];
  is_paused: boolean;
  answers: [string, string][];
  adjustments: GuestAdjustment[];
}

/** A station and its bands. */
export interface StationView {
  station_id: string;
  name: string;
  position: number;
  warn_after_s: number;
  late_after_s: number;
  printer_id: string;
  backup_printer_id: string;
  is_paper_only: boolean;
  rev: string;
  changed_by_name: string;
  changed_at_ms: number;
}

/** A line to make. `voided_quantity` stays, struck, until the change is seen. */
export interface TicketLineView {
  line_id: string;
  quantity: number;
  voided_quantity: number;
  name: string;
  modifiers: string[];
  note: string;
  allergies: string[];
  state: string;
  variant_name: string;
}

/** What one station must make from one fire. Bumped ones stay in the feed for ten minutes, for recall. */
export interface TicketView {
  ticket_id: string;
  number: number;
  station_id: string;
  check_id: string;
  check_number: number;
  table_id: string;
  table_label: string;
  course: number;
  covers: number;
  waiter_id: string;
  waiter_name: string;
  state: string;
  lines: TicketLineView[];
  also_at: string[];
  fired_at_ms: number;
  bumped_at_ms: number;
  changed_at_ms: number;
  warn_at_ms: number;
  late_at_ms: number;
  is_printed: boolean;
  reached: string;
  fails_at_ms: number;
}

/** Lines sent and not fired, by station: what the kitchen may expect; key = check:course. */
export interface WaitingCourseView {
  check_id: string;
  course: number;
  quantities: [string, number][];
}

/** A heading of the menu. Not a course. */
export interface Category {
  id: string;
  name: string;
  name_en: string;
  drawing: string;
}

/** A size or form with a price of its own, instead of the item's. */
export interface Variant {
  id: string;
  name: string;
  name_en: string;
  price_minor: number;
}

/** Something to sell. Prices include VAT at `vat_bp`. */
export interface MenuItem {
  id: string;
  category_id: string;
  name: string;
  name_en: string;
  short_name: string;
  code: string;
  description: string;
  description_en: string;
  price_minor: number;
  variants: Variant[];
  group_ids: string[];
  vat_bp: number;
  station_id: string;
  course: number;
  allergens: string[];
  tags: string[];
  is_favourite: boolean;
  is_hidden_from_guests: boolean;
}

/** One choice of a group; its price is added to the item's and may be zero or negative. */
export interface Modifier {
  id: string;
  name: string;
  name_en: string;
  price_minor: number;
  is_default: boolean;
}

/** A question asked of an item. `min` > 0 makes it required; the first `free_count` chosen cost nothing. */
export interface ModifierGroup {
  id: string;
  name: string;
  name_en: string;
  min: number;
  max: number;
  free_count: number;
  modifiers: Modifier[];
}

/** Everything for sale, in the order it is read. */
export interface Menu {
  categories: Category[];
  items: MenuItem[];
  groups: ModifierGroup[];
}

/** The menu in force, whole; key `menu`. */
export interface MenuView {
  version: number;
  published_at_ms: number;
  menu: Menu;
  rev: string;
  changed_by_name: string;
  changed_at_ms: number;
}

/** An item that is out; gone from the feed once it is back. */
export interface SoldOutView {
  item_id: string;
  name: string;
  since_ms: number;
}

/** Cash that came (`cash_in`) or went (`drop`, `payout`, below zero), or a drawer opened without a sale (`no_sale`, 0). */
export interface CashMovementView {
  kind: string;
  amount_minor: number;
  reason: string;
  by_name: string;
  moved_at_ms: number;
}

/** A drawer session. What should lie in it is shown only once it was counted: a count is blind. */
export interface DrawerView {
  session_id: string;
  drawer_id: string;
  drawer_name: string;
  purse_of: string;
  purse_of_name: string;
  state: string;
  float_minor: number;
  opened_by: string;
  opened_by_name: string;
  opened_at_ms: number;
  movements: CashMovementView[];
  no_sales: number;
  expected_minor: number | null;
  counted_minor: number | null;
  over_short_minor: number | null;
  counted_at_ms: number;
  business_day: string;
}

/** What one tender took. */
export interface TenderTotal {
  tender: string;
  count: number;
  amount_minor: number;
  tips_minor: number;
}

/** Sales at one VAT rate, after adjustments. */
export interface VatTotal {
  vat_bp: number;
  gross_minor: number;
  vat_minor: number;
}

/** What the adjustments of one kind come to on closed checks; below zero what was given. */
export interface AdjustmentTotal {
  kind: string;
  count: number;
  amount_minor: number;
}

/** The figures of an X or a Z report: of one period. Sales are closed checks after adjustments, VAT included; tips are apart. */
export interface DayTotals {
  business_day: string;
  checks: number;
  covers: number;
  sales_minor: number;
  vat_minor: number;
  tips_minor: number;
  voids: number;
  voids_minor: number;
  tenders: TenderTotal[];
  vat: VatTotal[];
  over_short_minor: number;
  open_checks: number;
  open_minor: number;
  period: number;
  opened_at_ms: number;
  business_days: string[];
  adjustments: AdjustmentTotal[];
}

/** A closed period; key = its number. When it began and the days it counts are in its totals. */
export interface ZReportView {
  business_day: string;
  z_number: number;
  totals: DayTotals;
  closed_by_name: string;
  closed_at_ms: number;
}

/** A printer and how it is. */
export interface PrinterView {
  printer_id: string;
  name: string;
  host: string;
  port: number;
  columns: number;
  code_page: string;
  fence: string;
  is_receipt: boolean;
  has_cutter: boolean;
  has_drawer: boolean;
  language: string;
  drawer_id: string;
  fault: string;
  fault_since_ms: number;
  waiting_jobs: number;
  rev: string;
  changed_by_name: string;
  changed_at_ms: number;
}

/** What was given on a check, taken off it or put on top; the amount as the total feels it. */
export interface AdjustmentView {
  adjustment_id: string;
  line_id: string;
  kind: string;
  rate_bp: number;
  amount_minor: number;
  reason: string;
  by_name: string;
  approved_by_name: string;
  given_at_ms: number;
}

/** A line on a check. */
export interface LineView {
  line_id: string;
  item_id: string;
  name: string;
  short_name: string;
  variant_id: string;
  variant_name: string;
  modifiers: ChosenModifier[];
  quantity: number;
  unit_minor: number;
  gross_minor: number;
  course: number;
  station_id: string;
  note: string;
  allergies: string[];
  seat: number;
  draft_id: string;
  stage: string;
  added_by: string;
  added_at_ms: number;
  sent_at_ms: number;
  fired_at_ms: number;
  ready_at_ms: number;
  void_reason: string;
  voided_quantity: number;
  free_void_until_ms: number;
  voided_at_ms: number;
  voided_by_name: string;
  void_approved_by_name: string;
  reached: string;
  fails_at_ms: number;
  adjustments: AdjustmentView[];
}

/** One course of a check, for the Fire button and the pass. */
export interface CourseView {
  course: number;
  stage: string;
  since_ms: number;
}

/** One use of a tender. */
export interface PaymentView {
  payment_id: string;
  tender: string;
  amount_minor: number;
  tip_minor: number;
  tendered_minor: number;
  change_minor: number;
  reference: string;
  taken_at_ms: number;
}

/** A check with everything on it. The feed carries open ones and the last 30 closed; GET /checks/closed has the others. */
export interface CheckView {
  check_id: string;
  number: number;
  kind: string;
  table_id: string;
  table_label: string;
  name: string;
  waiter_id: string;
  waiter_name: string;
  visit_id: string;
  covers: number;
  state: string;
  opened_at_ms: number;
  closed_at_ms: number;
  stage: string;
  stage_since_ms: number;
  late_at_ms: number;
  lines: LineView[];
  courses: CourseView[];
  payments: PaymentView[];
  lines_minor: number;
  cover_charge_minor: number;
  total_minor: number;
  paid_minor: number;
  balance_minor: number;
  tips_minor: number;
  unsent: number;
  guest_check_at_ms: number;
  guest_check_is_stale: boolean;
  adjustments_minor: number;
  adjustments: AdjustmentView[];
}

/** One thing that needs a person now; key = kind:id, gone once done. */
export interface AttentionView {
  key: string;
  kind: string;
  table_id: string;
  table_label: string;
  section_id: string;
  waiter_id: string;
  check_id: string;
  since_ms: number;
  appears_at_ms: number;
  amber_at_ms: number;
  red_at_ms: number;
  title: string;
  details: string[];
  amount_minor: number;
  draft_id: string;
  call_id: string;
  course: number;
  tender: string;
  allergies: string[];
  claimed_by: string;
  claimed_by_name: string;
  is_flagged: boolean;
  everyone_at_ms: number;
  till_at_ms: number;
  waiter_name: string;
  waiter_away: string;
  fault_id: string;
  ticket_ids: string[];
  station_ids: string[];
  taken_by_name: string;
  taken_at_ms: number;
}

/** A person who works here; gone from the feed once removed. */
export interface StaffView {
  staff_id: string;
  name: string;
  role: string;
  permissions: string[];
  locked_until_ms: number;
  signed_in_on: string[];
  rev: string;
  changed_by_name: string;
  changed_at_ms: number;
}

/** A paired screen. */
export interface DeviceView {
  device_id: string;
  name: string;
  role: string;
  station_id: string;
  drawer_id: string;
  paired_at_ms: number;
  revoked_at_ms: number;
  is_awake: boolean;
  awake_changed_at_ms: number;
  rev: string;
  changed_by_name: string;
  changed_at_ms: number;
}

/** A screen that waits for a manager; gone once approved or expired. */
export interface PairingView {
  pairing_id: string;
  code: string;
  app: string;
  device_name: string;
  asked_at_ms: number;
  expires_at_ms: number;
}

/** The last backup; key = `last`. A word that is empty says that it went well; see `ReportBackup` for the words. */
export interface BackupView {
  made_at_ms: number;
  good_at_ms: number;
  copied: string;
  checked: string;
  problems: number;
  second: string;
}

/** A line of the list of closed checks. */
export interface ClosedCheck {
  check_id: string;
  number: number;
  kind: string;
  table_label: string;
  name: string;
  waiter_name: string;
  covers: number;
  business_day: string;
  closed_at_ms: number;
  total_minor: number;
  tips_minor: number;
  tenders: string[];
}

/** A page of closed checks, the last closed first. `next` asks for the page after it; empty on the last. */
export interface ClosedChecks {
  checks: ClosedCheck[];
  next: string;
}

/** Something that was done on a check: what, by whom, from which screen. */
export interface CheckMoment {
  seq: number;
  at_ms: number;
  kind: string;
  by_name: string;
  device_name: string;
  approved_by_name: string;
  dishes: string[];
  amount_minor: number;
  reason: string;
  adjustment: string;
}

/** One check with everything on it and everything that was done on it, oldest first. */
export interface WholeCheck {
  check: CheckView;
  history: CheckMoment[];
}

/** What a manager looks at later: a refusal, a dish taken off after it was sent, what was given, a drawer opened without a sale. */
export interface AuditMoment {
  kind: string;
  at_ms: number;
  by_name: string;
  approved_by_name: string;
  device_name: string;
  command: string;
  code: string;
  dish: string;
  quantity: number;
  amount_minor: number;
  reason: string;
  check_id: string;
  check_number: number;
}

/** A page of the audit, the newest first. `next_ms` asks for what came before it; 0 on the last. */
export interface Audit {
  moments: AuditMoment[];
  next_ms: number;
}

/** The code to compare at the till, and the key the screen keeps for good. */
export interface PairStarted {
  pairing_id: string;
  code: string;
  key: string;
  expires_in_s: number;
}

/** How a pairing stands: waiting, approved, expired or revoked; and what the screen became. */
export interface PairState {
  state: "approved" | "expired" | "revoked" | "waiting";
  device_id: string;
  role: string;
  name: string;
  station_id: string;
  drawer_id: string;
}

/** The session to put on every command, and what the person may do. */
export interface SignedIn {
  session: string;
  staff_id: string;
  name: string;
  role: string;
  permissions: string[];
}

/** The approval to put on that one command. */
export interface Approved {
  approval: string;
  approver_id: string;
  approver_name: string;
}

/** The party that a phone is now of, and what its screen must know of the venue. */
export interface Joined {
  visit_id: string;
  table_label: string;
  venue_name: string;
  language: string;
  currency: string;
  wifi_name: string;
  cover_charge_minor: number;
  max_waiting_drafts: number;
  paused: boolean;
}

/** A table's code, and the address that its QR says. */
export interface TableCode {
  table_id: string;
  label: string;
  code: string;
  url: string;
}

/** A row that cannot be part of the menu: where it stands, and why in words of the language that was asked for. */
export interface RefusedRow {
  sheet: string;
  row: number;
  column: string;
  value: string;
  reason: string;
}

/** What a spreadsheet says, compared with the menu in force. Names are at most fifty; the counts are of all. */
export interface MenuReport {
  fault: string;
  refused: RefusedRow[];
  refused_rows: number;
  ignored: string[];
  items: number;
  added: string[];
  added_count: number;
  changed: string[];
  changed_count: number;
  removed: string[];
  removed_count: number;
  version: number;
  is_published: boolean;
}

/** The sums of closed checks, and of what was voided beside them. */
export interface Figures {
  sales_minor: number;
  vat_minor: number;
  checks: number;
  covers: number;
  average_per_cover_minor: number;
  tips_minor: number;
  voids: number;
  voids_minor: number;
}

/** The sales of one local hour. */
export interface HourSales {
  hour: number;
  sales_minor: number;
  checks: number;
  covers: number;
}

/** What was sold of one item. */
export interface ItemSales {
  item_id: string;
  name: string;
  category_id: string;
  lines: number;
  quantity: number;
  gross_minor: number;
  vat_minor: number;
  adjusted_minor: number;
}

/** Something a person should look at. */
export interface Attention {
  kind: string;
  venue_id: string;
  venue_name: string;
  name: string;
  amount_minor: number;
  reason: string;
  by: string;
  at_ms: number;
}

/** How old a venue's part of a report is. */
export interface VenueAge {
  venue_id: string;
  name: string;
  applied_seq: number;
  projected_seq: number;
  last_entry_at_ms: number;
  behind_entries: number;
  last_seen_ms: number;
  is_silent: boolean;
  trouble: string;
}

/** One venue's business day so far. */
export interface VenueToday {
  venue_id: string;
  name: string;
  business_day: string;
  timezone: string;
  cutover_min: number;
  currency: string;
  figures: Figures;
  open_checks: number;
  open_minor: number;
  age: VenueAge;
}

/** A period as its venue closed it. When it began, and the days it counts, are in its totals. */
export interface ZReport {
  venue_id: string;
  business_day: string;
  z_number: number;
  totals: DayTotals;
  closed_by: string;
  closed_at_ms: number;
}

/** The current business day of every venue asked for. A venue that is silent or behind is counted as far as it is known, and says so. */
export interface Today {
  now_ms: number;
  currency: string;
  total: Figures;
  last_week: Figures;
  hours: HourSales[];
  last_week_hours: HourSales[];
  items: ItemSales[];
  attention: Attention[];
  venues: VenueToday[];
  is_partial: boolean;
  closings: ZReport[];
}

/** One venue's business day as sold. */
export interface DaySales {
  venue_id: string;
  business_day: string;
  checks: number;
  covers: number;
  lines: number;
  quantity: number;
  gross_minor: number;
  vat_minor: number;
  tips_minor: number;
}

/** Sales by venue and business day, both ends included. */
export interface DailyReport {
  days: DaySales[];
  venues: VenueAge[];
  is_partial: boolean;
}

/** Sales by item over business days, both ends included. */
export interface ItemReport {
  items: ItemSales[];
  venues: VenueAge[];
  is_partial: boolean;
}

/** What adjustments of one kind come to, by reason and person, on the closed checks of one venue's business day. */
export interface AdjustmentSales {
  venue_id: string;
  business_day: string;
  kind: string;
  reason: string;
  given_by: string;
  approved_by: string;
  adjustments: number;
  amount_minor: number;
}

/** Discounts, comps and what was put on top, by venue and business day, both ends included. */
export interface AdjustmentReport {
  adjustments: AdjustmentSales[];
  venues: VenueAge[];
  is_partial: boolean;
}

/** The Zs that count something of business days, both ends included, the latest first. */
export interface ZReports {
  reports: ZReport[];
  venues: VenueAge[];
  is_partial: boolean;
}

/** A venue's figures changed; read them again. */
export interface FiguresChanged {
  venue_id: string;
  seq: number;
}

/** The stream lives; ages are counted from here. */
export interface ReportBeat {
  now_ms: number;
}

/** Who is signed in. `csrf` goes in the header `X-CSRF-Token` of every request that changes something. */
export interface SessionView {
  name: string;
  role: string;
  tenant_id: string;
  tenant_name: string;
  expires_at_ms: number;
  csrf: string;
}

/** What became of one command. `seq` is the last entry it wrote; the feed has it once it reaches that seq. */
export interface CommandAnswer {
  id: string;
  outcome: "done" | "failed" | "refused";
  seq: number;
  code: string;
  facts: Record<string, string | number | boolean | string[] | null>;
}

/** A rejection as it travels: the body of every 4xx answer of the edge and the hub. */
export interface Rejection {
  code: string;
  facts: Record<string, string | number | boolean | string[] | null>;
}

/** The first frame, from the screen. */
export interface HelloFrame {
  type: "hello";
  token: string;
  cursor: number | null;
  kinds: string[] | null;
  of: string;
}

/** From the screen, with its Hello and with each Beat that it hears: somebody can see it. Silence means nobody can. */
export interface HereFrame {
  type: "here";
  shows: string;
}

/** Everything the screen shows; what it had and is not in here is gone. */
export interface SnapshotFrame {
  type: "snapshot";
  seq: number;
  of: string;
  views: [string, string, unknown][];
}

/** What changed up to `seq`. */
export interface ViewsFrame {
  type: "views";
  seq: number;
  of: string;
  changes: [string, string, unknown][];
}

/** How the edge stands with its hub; the venue sells on whatever it says. */
export interface HubLink {
  state: "away" | "no_internet" | "off" | "refused" | "well";
  why: string;
  since_ms: number;
  waiting: number;
}

/** The edge is there, and everything up to `seq` was sent but what is stuck. */
export interface BeatFrame {
  type: "beat";
  seq: number;
  of: string;
  now_ms: number;
  hub: HubLink;
  stuck_since_ms: number;
}

/** Nothing follows. */
export interface ByeFrame {
  type: "bye";
  code: string;
}

/** The edge is there, and nothing changed for the guest. Their visit comes in events of its own. */
export interface GuestBeat {
  now_ms: number;
}

/** Begin a drawer session with its float. */
export interface OpenDrawer {
  session_id: string;
  drawer_id: string;
  drawer_name?: string;
  float_minor: number;
}

/** Take cash to the safe (`drop`), pay for something (`payout`) or bring some in (`cash_in`). */
export interface MoveCash {
  session_id: string;
  kind: string;
  amount_minor: number;
  reason: string;
}

/** Open the drawer with no payment; always recorded. */
export interface OpenDrawerWithoutSale {
  session_id: string;
  reason: string;
}

/** End a drawer session with what was found in it. */
export interface CountDrawer {
  session_id: string;
  counted_minor: number;
  denominations?: [number, number][];
}

/** Take what a waiter hands over at the end (*rendición*): their purse is counted, and the cash goes into a drawer. */
export interface SettlePurse {
  session_id: string;
  counted_minor: number;
  into_session_id: string;
}

/** Print the totals so far of the open period. */
export interface PrintXReport {
}

/** Make the Z of the open period; the next one begins. Its drawers must be counted; open checks carry over. */
export interface CloseDay {
  is_clock_right?: boolean;
  z_number?: number;
}

/** The edge itself: the calendar has begun another business day; what the one before left sold out or paused comes back. */
export interface BeginDay {
}

/** A new screen asks to be let in. Asked by the edge's pairing route, which made the code and keeps the key's digest. */
export interface AskPairing {
  pairing_id: string;
  code: string;
  app: string;
  device_name: string;
  key_digest: string;
}

/** Let a new screen in, with a role. */
export interface ApprovePairing {
  pairing_id: string;
  role: string;
  device_name?: string;
  station_id?: string;
  drawer_id?: string;
}

/** Say where the cash of this device goes: a drawer's id, `purse` for each waiter's own, or nothing for the only one open. */
export interface ChooseDrawer {
  drawer_id?: string;
  if_rev?: string;
}

/** Whether somebody can see a screen, and which station's tickets are on it: empty for none, `all` for every one's. */
export interface ScreenNow {
  device_id: string;
  is_awake: boolean;
  shows?: string;
}

/** The edge says which screens fell asleep or woke. Kept, and no entry of the log: it is over in a minute. */
export interface ReportScreens {
  screens: ScreenNow[];
}

/** Shut a screen out, now. */
export interface RevokeDevice {
  device_id: string;
}

/** Set the venue's settings, whole. */
export interface ConfigureVenue {
  name: string;
  currency?: string;
  language?: string;
  timezone?: string;
  cutover_min?: number;
  cover_charge_minor?: number;
  cover_charge_vat_bp?: number;
  draft_expiry_s?: number;
  max_waiting_drafts?: number;
  wifi_name?: string;
  if_rev?: string;
}

/** Change some of the venue's settings; what is left out stays as it is. */
export interface ChangeVenue {
  if_rev?: string;
  name?: string | null;
  currency?: string | null;
  language?: string | null;
  timezone?: string | null;
  cutover_min?: number | null;
  cover_charge_minor?: number | null;
  cover_charge_vat_bp?: number | null;
  draft_expiry_s?: number | null;
  max_waiting_drafts?: number | null;
  wifi_name?: string | null;
}

/** Draw a room, or redraw it. */
export interface DrawSection {
  section_id: string;
  name: string;
  position?: number;
  width?: number;
  height?: number;
  if_rev?: string;
}

/** Change some of what a room looks like; what is left out stays as it is. */
export interface ChangeSection {
  section_id: string;
  if_rev?: string;
  name?: string | null;
  position?: number | null;
  width?: number | null;
  height?: number | null;
}

/** Give a section to a waiter, or to nobody. */
export interface AssignSection {
  section_id: string;
  staff_id?: string;
  if_rev?: string;
}

/** Draw a table, or redraw it. */
export interface DrawTable {
  table_id: string;
  section_id: string;
  label: string;
  shape?: string;
  seats?: number;
  x?: number;
  y?: number;
  width?: number;
  height?: number;
  if_rev?: string;
}

/** Change some of what a table looks like, or where it stands; what is left out stays as it is. */
export interface ChangeTable {
  table_id: string;
  if_rev?: string;
  section_id?: string | null;
  label?: string | null;
  shape?: string | null;
  seats?: number | null;
  x?: number | null;
  y?: number | null;
  width?: number | null;
  height?: number | null;
}

/** Take a table off the plan. */
export interface RemoveTable {
  table_id: string;
  if_rev?: string;
}

/** Make every code printed for this table so far invalid. */
export interface ReplaceTableCode {
  table_id: string;
  if_rev?: string;
}

/** A phone scanned a table's code; the edge has verified it and names the table and the phone. */
export interface JoinTable {
  table_id: string;
  phone_id: string;
  generation: number;
  visit_id: string;
}

/** One line as asked: ids of the menu, no prices. */
export interface LineAsk {
  line_id: string;
  item_id: string;
  variant_id?: string;
  modifier_ids?: string[];
  quantity?: number;
  course?: number;
  note?: string;
  allergies?: string[];
  seat?: number;
  shown_minor?: number | null;
}

/** Send a draft to the waiter. */
export interface SubmitDraft {
  draft_id: string;
  lines: LineAsk[];
  note?: string;
  allergies?: string[];
}

/** Replace a draft's content while no waiter has it open. */
export interface ChangeDraft {
  draft_id: string;
  lines: LineAsk[];
  note?: string;
  allergies?: string[];
}

/** Take a draft back while no waiter has it open. */
export interface WithdrawDraft {
  draft_id: string;
}

/** Ask a waiter to come. */
export interface CallWaiter {
  call_id: string;
  reason?: string;
}

/** Ask for the bill, saying how they mean to pay. */
export interface AskBill {
  call_id: string;
  tender?: string;
}

/** Open a draft for review; the guest can no longer change it. */
export interface ClaimDraft {
  draft_id: string;
}

/** Let go of a claimed draft. */
export interface ReleaseDraft {
  draft_id: string;
}

/** Say no to a draft, with a reason the guest reads. */
export interface RejectDraft {
  draft_id: string;
  reason: string;
  note?: string;
}

/** Expire drafts nobody took, free claims left alone for 90 s, close abandoned visits. The edge asks it itself. */
export interface ExpireDrafts {
}

/** Take no new drafts from phones until resumed or the day ends; those that wait go on, and guests may still call. */
export interface PauseDrafts {
}

/** Take drafts from phones again. */
export interface ResumeDrafts {
}

/** Tell a guest that somebody comes. */
export interface AnswerCall {
  call_id: string;
}

/** Set up a place where tickets are made. */
export interface ConfigureStation {
  station_id: string;
  name: string;
  position?: number;
  warn_after_s?: number;
  late_after_s?: number;
  printer_id?: string;
  backup_printer_id?: string;
  is_paper_only?: boolean;
  if_rev?: string;
}

/** Change some settings of a station; what is left out stays as it is. */
export interface ChangeStation {
  station_id: string;
  if_rev?: string;
  name?: string | null;
  position?: number | null;
  warn_after_s?: number | null;
  late_after_s?: number | null;
  printer_id?: string | null;
  backup_printer_id?: string | null;
  is_paper_only?: boolean | null;
}

/** Give held lines to the kitchen: the named ones, or all when `line_ids` is None. */
export interface SendLines {
  check_id: string;
  line_ids?: string[] | null;
  fire_all?: boolean;
}

/** Tell the kitchen to make a course that was sent and waits. */
export interface FireCourse {
  check_id: string;
  course: number;
}

/** Mark a ticket done. */
export interface BumpTicket {
  ticket_id: string;
}

/** Mark one line of a ticket done; the last one completes the ticket. */
export interface BumpLine {
  ticket_id: string;
  line_id: string;
}

/** Bring a done ticket back, up to ten minutes later. */
export interface RecallTicket {
  ticket_id: string;
}

/** Acknowledge the changes shown on a ticket. */
export interface SeeTicketChange {
  ticket_id: string;
}

/** A waiter takes a ready course from the pass. */
export interface PickUpCourse {
  check_id: string;
  course: number;
}

/** Ask the waiter of a course that is being made, or waits on the pass, to come to the pass. */
export interface CallToPass {
  check_id: string;
  course: number;
}

/** Tell the pass that somebody comes. */
export interface AnswerPassCall {
  check_id: string;
  course: number;
}

/** A kitchen screen in somebody's sight says which tickets are drawn on it. Once is enough for each ticket. */
export interface ShowTickets {
  ticket_ids: string[];
}

/** See to a printer that does not print, a station that gets no tickets, or a ticket whose paper did not come out. */
export interface TakeFault {
  about: string;
  fault_id: string;
}

/** Bring a menu into force, whole; refused whole when it contradicts itself. */
export interface PublishMenu {
  menu: Menu;
  if_rev?: string;
}

/** Mark an item sold out. */
export interface EightySixItem {
  item_id: string;
}

/** Bring a sold-out item back. */
export interface RestoreItem {
  item_id: string;
}

/** Open an account: for a table, at the counter, or a named tab. */
export interface OpenCheck {
  check_id: string;
  kind?: string;
  table_id?: string;
  name?: string;
  covers?: number;
}

/** Correct the number of guests. */
export interface SetCovers {
  check_id: string;
  covers: number;
}

/** Put lines on a check, held until sent. */
export interface AddLines {
  check_id: string;
  lines: LineAsk[];
}

/** A line with a typed name and price; needs a permission. */
export interface OpenItemAsk {
  line_id: string;
  name: string;
  unit_minor: number;
  quantity?: number;
  station_id: string;
  course?: number;
  vat_bp?: number;
  note?: string;
}

/** Put a line with a typed name and price on a check. */
export interface AddOpenItem {
  check_id: string;
  line: OpenItemAsk;
}

/** Edit a held line: the line as it should be, and as the device saw it. */
export interface ChangeLine {
  check_id: string;
  line: LineAsk;
  seen?: LineAsk | null;
}

/** Take a line, or `quantity` of it, off a check. 0 means all of it. */
export interface VoidLine {
  check_id: string;
  line_id: string;
  quantity?: number;
  reason?: string;
}

/** Take something off the whole check, put something on top, or give away all that stands on it. */
export interface AdjustCheck {
  adjustment_id: string;
  check_id: string;
  kind: string;
  rate_bp?: number;
  amount_minor?: number;
  reason?: string;
}

/** Take something off a line, put something on top, or give it away; for `quantity` of it, 0 for all. */
export interface AdjustLine {
  adjustment_id: string;
  check_id: string;
  line_id: string;
  kind: string;
  quantity?: number;
  rate_bp?: number;
  amount_minor?: number;
  reason?: string;
}

/** Take an adjustment back: the check costs what it did without it. */
export interface RemoveAdjustment {
  check_id: string;
  adjustment_id: string;
}

/** Seat the party at another table. */
export interface MoveCheck {
  check_id: string;
  table_id: string;
}

/** End a check that has nothing on it: the party left, or it was opened by mistake. The table is free again. */
export interface AbandonCheck {
  check_id: string;
}

/** Turn a draft into lines on a check: the only way from a guest's wish to a ticket. */
export interface ConfirmDraft {
  draft_id: string;
  check_id: string;
  lines?: LineAsk[] | null;
  covers?: number;
}

/** Print the bill before paying. */
export interface PrintGuestCheck {
  check_id: string;
}

/** Take one payment on a check; the one that brings the balance to zero closes it. */
export interface TakePayment {
  payment_id: string;
  check_id: string;
  tender: string;
  amount_minor: number;
  tip_minor?: number;
  tendered_minor?: number;
  reference?: string;
  wants_receipt?: boolean;
  into?: string;
}

/** Print a closed check's receipt again, marked as a copy. */
export interface PrintReceipt {
  check_id: string;
}

/** Set up a network printer. */
export interface ConfigurePrinter {
  printer_id: string;
  printer_name: string;
  host: string;
  port?: number;
  columns?: number;
  code_page?: string;
  fence?: string;
  is_receipt?: boolean;
  has_cutter?: boolean;
  has_drawer?: boolean;
  language?: string;
  drawer_id?: string;
  if_rev?: string;
}

/** Change some settings of a printer; what is left out stays as it is. */
export interface ChangePrinter {
  printer_id: string;
  if_rev?: string;
  printer_name?: string | null;
  host?: string | null;
  port?: number | null;
  columns?: number | null;
  code_page?: string | null;
  fence?: string | null;
  is_receipt?: boolean | null;
  has_cutter?: boolean | null;
  has_drawer?: boolean | null;
  language?: string | null;
  drawer_id?: string | null;
}

/** Print a ticket's paper again, marked as a duplicate. */
export interface ReprintTicket {
  ticket_id: string;
}

/** Print a test page. */
export interface PrintTest {
  printer_id: string;
}

/** The spool says that paper does not come out. */
export interface ReportPrinterFault {
  printer_id: string;
  fault: string;
  waiting_jobs: number;
  since_ms: number;
}

/** The spool says that a faulty printer prints again. */
export interface ReportPrinterReady {
  printer_id: string;
}

/** The spool says that a job's paper came out. */
export interface ReportPrinted {
  job_id: string;
  printer_id: string;
  document: string;
  ticket_id?: string;
  check_id?: string;
  outcome?: string;
  copies_before?: number;
}

/** The spool says that a job's paper will not come out any more. */
export interface ReportPaperFailed {
  job_id: string;
  printer_id: string;
  document: string;
  ticket_id?: string;
  check_id?: string;
  why: string;
}

/** Add a person with a role and a PIN. */
export interface AddStaff {
  staff_id: string;
  staff_name: string;
  role: string;
  pin: string;
}

/** Give a person another role. */
export interface SetStaffRole {
  staff_id: string;
  role: string;
  if_rev?: string;
}

/** Give a person a new PIN; ends a lockout. */
export interface SetPin {
  staff_id: string;
  pin: string;
  if_rev?: string;
}

/** A person no longer works here. */
export interface RemoveStaff {
  staff_id: string;
  if_rev?: string;
}

/** A PIN was right: the person works on this device now. Asked by the edge's sign-in route. */
export interface RecordSignIn {
  session_id: string;
  staff_id: string;
  on_device_id: string;
}

/** A PIN was wrong. Asked by the edge's sign-in route. */
export interface RecordPinFailure {
  staff_id: string;
}

/** A manager's PIN was right: their approval of one command. Asked by the edge's approval route. */
export interface RecordApproval {
  approval_id: string;
  approver_id: string;
  for_command_id: string;
  for_command_name: string;
  on_device_id?: string;
  for_digest?: string;
}

/** Leave the device, or lock it. */
export interface SignOut {
  session_id: string;
}

/** The edge says how a backup went; an empty word says well. */
export interface ReportBackup {
  file: string;
  through_seq: number;
  size_bytes: number;
  copied: string;
  checked: string;
  problems?: number;
  second: string;
}

export type EdgeFrame = SnapshotFrame | ViewsFrame | BeatFrame | ByeFrame;

/** The device is none of this venue's: it does not come back by itself. No other bye ends a feed. */
export const ENDING_BYES: readonly string[] = ["device_unknown", "device_revoked"];

/** Views by the name they travel under. */
export interface Views {
  errand: ErrandView;
  venue: VenueView;
  section: SectionView;
  table: TableView;
  draft: DraftView;
  guest: GuestView;
  station: StationView;
  ticket: TicketView;
  waiting_course: WaitingCourseView;
  menu: MenuView;
  sold_out: SoldOutView;
  drawer: DrawerView;
  z_report: ZReportView;
  printer: PrinterView;
  check: CheckView;
  attention: AttentionView;
  staff: StaffView;
  device: DeviceView;
  pairing: PairingView;
  backup: BackupView;
}

/** Commands by the name they travel under. */
export interface Commands {
  open_drawer: OpenDrawer;
  move_cash: MoveCash;
  open_drawer_without_sale: OpenDrawerWithoutSale;
  count_drawer: CountDrawer;
  settle_purse: SettlePurse;
  print_x_report: PrintXReport;
  close_day: CloseDay;
  begin_day: BeginDay;
  ask_pairing: AskPairing;
  approve_pairing: ApprovePairing;
  choose_drawer: ChooseDrawer;
  report_screens: ReportScreens;
  revoke_device: RevokeDevice;
  configure_venue: ConfigureVenue;
  change_venue: ChangeVenue;
  draw_section: DrawSection;
  change_section: ChangeSection;
  assign_section: AssignSection;
  draw_table: DrawTable;
  change_table: ChangeTable;
  remove_table: RemoveTable;
  replace_table_code: ReplaceTableCode;
  join_table: JoinTable;
  submit_draft: SubmitDraft;
  change_draft: ChangeDraft;
  withdraw_draft: WithdrawDraft;
  call_waiter: CallWaiter;
  ask_bill: AskBill;
  claim_draft: ClaimDraft;
  release_draft: ReleaseDraft;
  reject_draft: RejectDraft;
  expire_drafts: ExpireDrafts;
  pause_drafts: PauseDrafts;
  resume_drafts: ResumeDrafts;
  answer_call: AnswerCall;
  configure_station: ConfigureStation;
  change_station: ChangeStation;
  send_lines: SendLines;
  fire_course: FireCourse;
  bump_ticket: BumpTicket;
  bump_line: BumpLine;
  recall_ticket: RecallTicket;
  see_ticket_change: SeeTicketChange;
  pick_up_course: PickUpCourse;
  call_to_pass: CallToPass;
  answer_pass_call: AnswerPassCall;
  show_tickets: ShowTickets;
  take_fault: TakeFault;
  publish_menu: PublishMenu;
  eighty_six_item: EightySixItem;
  restore_item: RestoreItem;
  open_check: OpenCheck;
  set_covers: SetCovers;
  add_lines: AddLines;
  add_open_item: AddOpenItem;
  change_line: ChangeLine;
  void_line: VoidLine;
  adjust_check: AdjustCheck;
  adjust_line: AdjustLine;
  remove_adjustment: RemoveAdjustment;
  move_check: MoveCheck;
  abandon_check: AbandonCheck;
  confirm_draft: ConfirmDraft;
  print_guest_check: PrintGuestCheck;
  take_payment: TakePayment;
  print_receipt: PrintReceipt;
  configure_printer: ConfigurePrinter;
  change_printer: ChangePrinter;
  reprint_ticket: ReprintTicket;
  print_test: PrintTest;
  report_printer_fault: ReportPrinterFault;
  report_printer_ready: ReportPrinterReady;
  report_printed: ReportPrinted;
  report_paper_failed: ReportPaperFailed;
  add_staff: AddStaff;
  set_staff_role: SetStaffRole;
  set_pin: SetPin;
  remove_staff: RemoveStaff;
  record_sign_in: RecordSignIn;
  record_pin_failure: RecordPinFailure;
  record_approval: RecordApproval;
  sign_out: SignOut;
  report_backup: ReportBackup;
}

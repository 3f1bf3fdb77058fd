"""Kitchen: what was sent becomes tickets at stations, until dishes are on the pass and taken to the table."""

from edge.engine.slice import OFFICE, Rule, Slice
from edge.kitchen import decide, load, project, views
from shared.commands.kitchen import (
    AnswerPassCall,
    BumpLine,
    BumpTicket,
    CallToPass,
    ChangeStation,
    ConfigureStation,
    FireCourse,
    PickUpCourse,
    RecallTicket,
    SeeTicketChange,
    SendLines,
    ShowTickets,
    TakeFault,
)
from shared.projections.projection import Projection

SLICE = Slice(
    name="kitchen",
    rules=[
        Rule(ConfigureStation, load.station_set_up, decide.configure_station, devices=OFFICE),
        Rule(ChangeStation, load.station_set_up, decide.change_station, devices=OFFICE),
        Rule(SendLines, load.sending, decide.send_lines),
        Rule(FireCourse, load.sending, decide.fire_course),
        Rule(BumpTicket, load.ticket, decide.bump_ticket),
        Rule(BumpLine, load.ticket, decide.bump_line),
        Rule(RecallTicket, load.ticket, decide.recall_ticket),
        Rule(SeeTicketChange, load.ticket, decide.see_ticket_change),
        Rule(ShowTickets, load.unseen_tickets, decide.show_tickets, devices=frozenset({"kds"})),
        Rule(TakeFault, load.fault, decide.take_fault),
        Rule(PickUpCourse, load.on_pass, decide.pick_up_course),
        Rule(CallToPass, load.on_pass, decide.call_to_pass),
        Rule(AnswerPassCall, load.on_pass, decide.answer_pass_call),
    ],
    projections=[Projection("kitchen", project.TABLES, project.PROJECT)],
    views=[views.STATION, views.TICKET, views.WAITING_COURSE],
    invariants=[load.unconfirmed_tickets, load.unsent_tickets],
)

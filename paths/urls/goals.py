from django.urls import URLPattern, path

from lrm.later import LaterViews
from paths.views import goal_acts, goal_review, goal_writing, goals

goal_cards = LaterViews("paths.views.goal_cards")
goal_templates = LaterViews("paths.views.goal_templates")
starters = LaterViews("paths.views.starters")

urlpatterns: list[URLPattern] = [
    path("goals/", goals.goals, name="goals"),
    path("goals/new/", goal_writing.goal_new, name="goal_new"),
    path("goals/cards/", goal_cards.goal_cards, name="goal_cards"),
    path("sections/<int:pk>/goal-cards/", goal_cards.section_goal_cards, name="section_goal_cards"),
    path("goals/templates/", goal_templates.goal_templates, name="goal_templates"),
    path("goals/templates/new/", goal_templates.goal_template_new, name="goal_template_new"),
    path("goals/templates/<int:pk>/", goal_templates.goal_template_edit, name="goal_template_edit"),
    path("goals/templates/<int:pk>/away/", goal_templates.goal_template_away, name="goal_template_away"),
    path("goals/templates/<int:pk>/give/", goal_templates.goal_template_give, name="goal_template_give"),
    path("goals/templates/<int:pk>/take-back/", goal_templates.goal_template_take_back, name="goal_template_take_back"),
    path("goals/starters/", starters.starters, name="starters"),
    path("goals/review/", goal_review.goals_review, name="goals_review"),
    path("goals/review/undo/", goal_review.goals_review_undo, name="goals_review_undo"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/edit/", goal_writing.goal_edit, name="goal_edit"),
    path("goals/<int:pk>/typing/", goal_writing.goal_typing, name="goal_typing"),
    path("goals/<int:pk>/history/", goals.goal_history, name="goal_history"),
    path("goals/<int:pk>/discard/", goal_writing.goal_discard, name="goal_discard"),
    path("goals/<int:pk>/check-in/", goal_acts.goal_check_in, name="goal_check_in"),
    path("goals/<int:pk>/reflect/", goal_acts.goal_reflect, name="goal_reflect"),
    path("goals/<int:pk>/steps/<int:step>/", goal_acts.goal_step, name="goal_step"),
    path("goals/<int:pk>/done-when/", goal_acts.goal_criterion, name="goal_criterion"),
    path("goals/<int:pk>/close/", goal_acts.goal_close, name="goal_close"),
    path("goals/<int:pk>/keep/", goal_acts.goal_keep, name="goal_keep"),
    path("goals/<int:pk>/bring-back/", goal_acts.goal_reopen, name="goal_reopen"),
    path("goals/<int:pk>/review/", goal_review.goal_review, name="goal_review"),
    path("check-ins/<int:pk>/reply/", goal_review.check_in_reply, name="check_in_reply"),
    path("reflections/<int:pk>/reply/", goal_review.reflection_reply, name="reflection_reply"),
    path("learners/<int:pk>/goals/new/", goal_writing.learner_goal_new, name="learner_goal_new"),
    path("learners/<int:pk>/goals/draft/", goal_writing.goal_draft, name="goal_draft"),
]

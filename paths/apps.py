from django.apps import AppConfig


class PathsConfig(AppConfig):
    name = "paths"

    def ready(self) -> None:
        from assessments.services import results  # models exist only once apps are ready
        from paths.services.try_places import close_tried  # for the same reason

        if close_tried not in results.ON_RECORDED:
            results.ON_RECORDED.append(close_tried)
